/** The body of a checkout, for tests, fault injection, benches and k6. It imports nothing, because k6 loads it, too. */

export const ADDRESS = {
  name: 'Ann Lee',
  line1: '1 Mill Lane',
  city: 'Portland',
  region: 'OR',
  postal_code: '97201',
  country: 'US',
}
/** A payment that the simulated provider accepts. */
export const PURCHASE = { shipping_address: ADDRESS, payment_method: 'pm_card_visa' }
