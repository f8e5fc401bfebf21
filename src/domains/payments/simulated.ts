import type { ChargeQuery, PaymentEvent, PaymentProvider } from './provider.ts'
import { type ActionPages, chargeResultOf, SIMULATED_LIMITS } from './simulated_actions.ts'
import { openBank } from './simulated_bank.ts'
import { RETURN_MS } from './simulated_bank_records.ts'
import { disputeEvent, followUpEvents, refundEvent, refundResult } from './simulated_follow_ups.ts'
import { chargeByMethod, LedgerRefusal, NEEDS_ACTION, openLedger } from './simulated_ledger.ts'
import { type BankCalls, openSimulatedPayouts, payoutEvent, type Refused } from './simulated_payouts.ts'
import { disputeAfter, FOLLOW_UP_MS } from './simulated_records.ts'

/**
 * The provider of a local run, inside the process. The payment method decides, by the names of Stripe's test tokens:
 * pm_card_error fails before a charge, pm_card_timeout charges but never responds, pm_card_slow takes a second, pm_card_visa
 * and similar ones are paid, all others are declined. pm_card_threeDSecure2Required requires an action of the buyer;
 * pm_card_threeDSecure2Declined too, and is declined afterwards. A refund of pm_card_refundFails is sent and fails a second
 * later. pm_card_createDispute is paid, and disputed a second later. (simulated_server.ts is the same as its own process.)
 *
 * The ledger ends with the process, so a refund of an older charge is accepted, and a payout of an older transfer.
 */
export function openSimulatedProvider(pages: ActionPages): PaymentProvider {
  const bank = openBank([], async () => {}, false)
  const ledger = openLedger([], async () => {}, false)
  let receive: (event: PaymentEvent) => Promise<void> = async () => {}
  /** A lost event is found by the question that follows a refund, or by the daily list. */
  const sendLater = (event: PaymentEvent, after_ms = FOLLOW_UP_MS) =>
    setTimeout(() => void receive(event).catch(() => {}), after_ms).unref()
  // Another process, or this one before its restart, has made a charge with a reference. It still waits for its buyer.
  const recall = async ({ checkout_id, amount, method, reference }: ChargeQuery) => {
    if (reference && NEEDS_ACTION.test(method)) await ledger.charge({ key: String(checkout_id), amount, method })
  }
  const complete = async (query: ChargeQuery, is_confirmed: boolean) => {
    await recall(query)
    const record = await ledger.complete(String(query.checkout_id), is_confirmed)
    return record && chargeResultOf(record, query, pages)
  }
  return {
    name: 'simulated',
    limits: SIMULATED_LIMITS,
    charge: async (charge, signal) => {
      const { checkout_id, amount, method } = charge
      const order = { key: String(checkout_id), amount, method }
      const is_new = (await ledger.find(order.key)) === null
      const record = await chargeByMethod(ledger, order, signal)
      if (is_new && method === 'pm_card_createDispute') sendLater(disputeEvent(disputeAfter(record)))
      return chargeResultOf(record, charge, pages)
    },
    find: async (query) => {
      await recall(query)
      const record = await ledger.find(String(query.checkout_id))
      return record && chargeResultOf(record, query, pages)
    },
    cancel: (query) => complete(query, false),
    payouts: openSimulatedPayouts(
      {
        transfer: (order, signal) => orRefused(bank.transfer(order, signal)),
        reverse: (order, signal) => orRefused(bank.reverse(order, signal)),
        pay: async (order, signal) => {
          const state = await orRefused(bank.pay(order, signal))
          const event = 'returns_at_ms' in state ? payoutEvent({ ...state, outcome: 'returned' }) : null
          if (event) sendLater(event, RETURN_MS)
          return state
        },
        findMoved: bank.findMoved,
        findPayout: bank.findPayout,
      } satisfies BankCalls,
      pages.accounts,
    ),
    actions: { isToken: pages.isToken, complete },
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
    listFollowUps: async (filter) =>
      followUpEvents({ ...ledger.list(filter), payouts: 'days' in filter ? bank.listReturned(filter.days) : [] }),
    onEvent: (receiver) => {
      receive = receiver
    },
  }
}

/** Returns the record, or why the books refuse it. */
async function orRefused<R>(record: Promise<R>): Promise<R | Refused> {
  try {
    return await record
  } catch (error) {
    if (!(error instanceof LedgerRefusal)) throw error
    return { refused: error.message }
  }
}
