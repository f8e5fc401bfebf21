import type { ChargeResult, PaymentProvider } from './provider.ts'
import { type ChargeRecord, chargeByMethod, openLedger } from './simulated_ledger.ts'

/**
 * The provider of a local run, inside the process. The payment method decides, by the names of Stripe's test tokens:
 * pm_card_error fails before a charge, pm_card_timeout charges but never responds, pm_card_slow takes a second, pm_card_visa
 * and similar ones are paid, all others are declined. (simulated_server.ts is the same as its own process.)
 */
export function openSimulatedProvider(): PaymentProvider {
  const ledger = openLedger()
  return {
    name: 'simulated',
    charge: async ({ checkout_id, amount, method }, signal) =>
      resultOf(await chargeByMethod(ledger, { key: String(checkout_id), amount, method }, signal)),
    find: async ({ checkout_id }) => {
      const record = await ledger.find(String(checkout_id))
      return record && resultOf(record)
    },
    // The ledger ends with the process, so a refund of an older charge is accepted.
    refund: async ({ key }) => ({ reference: `sim_${key}` }),
  }
}

function resultOf({ outcome, charge }: ChargeRecord): ChargeResult {
  return { outcome, reference: charge }
}
