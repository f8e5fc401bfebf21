import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { tooMany } from '../../http/limits/apply_limit.ts'
import type { PolicyName } from '../../http/limits/policies.ts'
import { toProblem } from '../../platform/problem.ts'
import type { PaymentGateway } from '../payments/gateway.ts'

/** The payment gateway for one call. */
export type LimitedGateway = Pick<PaymentGateway, 'available' | 'charge'> & {
  /** Converts `payment_unavailable` to a 429 if too many declined cards caused it. Returns other errors unchanged. */
  toTooManyRequests: (error: unknown) => unknown
}

/**
 * Stops the testing of stolen cards: after ten declined cards in an hour, of the account or from the address, no call of either
 * is charged. Such a call sees an unavailable gateway, so a key with a response still gets it, and a new key takes no stock. The
 * counts are read again right before a charge, because concurrent calls read them before the first card is declined. A call that
 * is rejected there gets its cart back, and its key can be sent again, as after a charge that the provider rejected.
 */
export async function limitDeclinedCards(c: Context<Env>): Promise<LimitedGateway> {
  const [gateway, limits] = [c.get('payments'), c.get('limits')]
  const counts: [PolicyName, string][] = [
    ['declined_account', String(c.get('user_id'))],
    ['declined_address', c.get('address')],
  ]
  const findExceeded = async () =>
    (await Promise.all(counts.map((count) => limits.look(...count)))).find(({ allowed }) => !allowed)
  let exceeded = await findExceeded()
  return {
    available: () => !exceeded && gateway.available(),
    toTooManyRequests: (error) => {
      if (!exceeded || toProblem(error).code !== 'payment_unavailable') return error
      c.set('limit_state', exceeded)
      const minutes = Math.ceil(exceeded.reset_s / 60)
      return tooMany(exceeded, `Too many cards were declined. Nothing was ordered or charged. Try again in ${minutes} minutes.`)
    },
    charge: async (charge) => {
      exceeded = await findExceeded()
      if (exceeded)
        return { outcome: 'unavailable', provider: gateway.provider.name, provider_reference: null, next_action: null }
      const settlement = await gateway.charge(charge)
      // Counts before the settlement returns the cart, which the next attempt needs.
      if (settlement.outcome === 'declined') await Promise.all(counts.map((count) => limits.take(...count)))
      return settlement
    },
  }
}
