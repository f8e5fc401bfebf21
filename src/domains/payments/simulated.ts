import type { ChargeResult, PaymentEvent, PaymentProvider } from './provider.ts'
import { disputeEvent, followUpEvents, refundEvent, refundResult } from './simulated_follow_ups.ts'
import { chargeByMethod, LedgerRefusal, openLedger } from './simulated_ledger.ts'
import { type ChargeRecord, disputeAfter, FOLLOW_UP_MS } from './simulated_records.ts'

/**
 * The provider of a local run, inside the process. The payment method decides, by the names of Stripe's test tokens:
 * pm_card_error fails before a charge, pm_card_timeout charges but never responds, pm_card_slow takes a second, pm_card_visa
 * and similar ones are paid, all others are declined. A refund of pm_card_refundFails is sent and fails a second later.
 * pm_card_createDispute is paid, and disputed a second later. (simulated_server.ts is the same as its own process.)
 *
 * The ledger ends with the process, so a refund of an older charge is accepted.
 */
export function openSimulatedProvider(): PaymentProvider {
  const ledger = openLedger([], async () => {}, false)
  let receive: (event: PaymentEvent) => Promise<void> = async () => {}
  /** A lost event is found by the question that follows a refund, or by the daily list. */
  const sendLater = (event: PaymentEvent) => setTimeout(() => void receive(event).catch(() => {}), FOLLOW_UP_MS).unref()
  return {
    name: 'simulated',
    charge: async ({ checkout_id, amount, method }, signal) => {
      const order = { key: String(checkout_id), amount, method }
      const is_new = (await ledger.find(order.key)) === null
      const record = await chargeByMethod(ledger, order, signal)
      if (is_new && method === 'pm_card_createDispute') sendLater(disputeEvent(disputeAfter(record)))
      return resultOf(record)
    },
    find: async ({ checkout_id }) => {
      const record = await ledger.find(String(checkout_id))
      return record && resultOf(record)
    },
    refund: async ({ key, reference, amount }) => {
      try {
        const state = await ledger.refund({ key, charge: reference, amount })
        if (state.outcome === 'sent') sendLater(refundEvent({ ...state, outcome: 'failed' }))
        return refundResult(state)
      } catch (error) {
        if (!(error instanceof LedgerRefusal)) throw error
        return { reference: null, outcome: 'failed', failure_reason: error.message }
      }
    },
    listFollowUps: async (filter) => followUpEvents(ledger.list(filter)),
    onEvent: (receiver) => {
      receive = receiver
    },
  }
}

function resultOf({ outcome, charge }: ChargeRecord): ChargeResult {
  return { outcome, reference: charge }
}
