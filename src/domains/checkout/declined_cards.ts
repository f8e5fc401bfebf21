import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { tooMany } from '../../http/limits/apply_limit.ts'
import type { PolicyName } from '../../http/limits/policies.ts'
import { toProblem } from '../../platform/problem.ts'
import type { PaymentGateway } from '../payments/gateway.ts'

/** The payment gateway for one call. */
export type BoundedGateway = Pick<PaymentGateway, 'available' | 'charge'> & {
  /** Turns "the payment is unavailable" into the 429 where too many declined cards are the reason; other errors stay as they are. */
  explain: (error: unknown) => unknown
}

/**
 * Stops the testing of stolen cards: after ten declined in an hour, of the account or from the address, nothing is charged for either.
 * Such a call finds the gateway unavailable, so that a key that has its answer still gets it, and nothing is taken for a new one.
 * The counts are read again right before a charge: calls at once have all read them before the first card was declined. Whoever
 * is refused only there has the cart back and may send the key again, as after a charge that the provider did not take.
 */
export async function boundDeclinedCards(c: Context<Env>): Promise<BoundedGateway> {
  const [gateway, limits] = [c.get('payments'), c.get('limits')]
  const counts: [PolicyName, string][] = [
    ['declined_account', String(c.get('user_id'))],
    ['declined_address', c.get('address')],
  ]
  const findSpent = async () => (await Promise.all(counts.map((count) => limits.look(...count)))).find(({ allowed }) => !allowed)
  let spent = await findSpent()
  return {
    available: () => !spent && gateway.available(),
    explain: (error) => {
      if (!spent || toProblem(error).code !== 'payment_unavailable') return error
      c.set('standing', spent)
      const minutes = Math.ceil(spent.reset_s / 60)
      return tooMany(spent, `Too many cards were declined. Nothing was ordered or charged. Try again in ${minutes} minutes.`)
    },
    charge: async (charge) => {
      spent = await findSpent()
      if (spent) return { outcome: 'unavailable', provider: gateway.provider.name, provider_reference: null }
      const settlement = await gateway.charge(charge)
      // Counted before the settlement gives the cart back, with which the next card could be tried.
      if (settlement.outcome === 'declined') await Promise.all(counts.map((count) => limits.take(...count)))
      return settlement
    },
  }
}
