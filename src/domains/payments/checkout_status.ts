import { OneOf } from '../../http/schemas.ts'

/** The states of a checkout: pending until its payment is settled. */
export const CheckoutStatus = OneOf(['pending', 'paid', 'cancelled'])
