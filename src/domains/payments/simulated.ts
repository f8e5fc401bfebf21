import type { ChargeResult, PaymentProvider } from './provider.ts'
import { type ChargeRecord, chargeByMethod, openLedger } from './simulated_ledger.ts'

/**
 * The provider of a local run, in the process and gone with it. The method decides, by the names of Stripe's test tokens:
 * pm_card_error fails before anything is charged, pm_card_timeout charges but never answers, pm_card_slow takes a second,
 * pm_card_visa and its kin are paid, everything else is declined. (simulated_server.ts is the same as a process of its own.)
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
    // The books die with the process, so a refund of an older charge is taken at its word.
    refund: async ({ key }) => ({ reference: `sim_${key}` }),
  }
}

function resultOf({ outcome, charge }: ChargeRecord): ChargeResult {
  return { outcome, reference: charge }
}
