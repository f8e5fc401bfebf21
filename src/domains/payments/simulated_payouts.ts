/** The payout provider of the simulated books, in this process or in its own one. */
import { type Static, Type } from '@sinclair/typebox'
import { OneOf } from '../../http/schemas.ts'
import {
  type BookEntry,
  type PayoutEvent,
  type PayoutProvider,
  type PayoutResult,
  payoutIdOf,
  type TransferResult,
} from '../payouts/provider.ts'
import { type AccountPages, accountId, accountStateOf } from './simulated_accounts.ts'
import type { PayoutOrder, ReversalOrder, TransferOrder } from './simulated_bank.ts'

/** A transfer or a reversal, as the provider shows it. */
export const MovedShown = Type.Object({
  key: Type.String(),
  transfer: Type.String(),
  reversal: Type.Optional(Type.String()),
  amount: Type.String(),
})
export const PayoutShown = Type.Object({
  key: Type.String(),
  payout: Type.String(),
  amount: Type.String(),
  outcome: OneOf(['paid', 'returned']),
})
/** All that moved since a time. */
export const BooksShown = Type.Array(
  Type.Object({
    what: OneOf(['transfer', 'reversal', 'payout']),
    reference: Type.String(),
    amount: Type.String(),
    created_at: Type.String(),
  }),
)
type Moved = Static<typeof MovedShown>
type Paid = Static<typeof PayoutShown>
/** Why the books refuse something. */
export type Refused = { refused: string }

/** The calls of the books. A call that moves money throws NotSent, or any other error, as those of a PayoutProvider. */
export type BankCalls = {
  transfer: (order: TransferOrder, signal: AbortSignal) => Promise<Moved | Refused>
  reverse: (order: ReversalOrder, signal: AbortSignal) => Promise<Moved | Refused>
  pay: (order: PayoutOrder, signal: AbortSignal) => Promise<Paid | Refused>
  findMoved: (key: string, signal: AbortSignal) => Promise<Moved | null>
  findPayout: (key: string, signal: AbortSignal) => Promise<Paid | null>
  /** Missing for books that end with their process. */
  listBooks?: (since: Date, signal: AbortSignal) => Promise<BookEntry[]>
}

export function openSimulatedPayouts(calls: BankCalls, pages: AccountPages): PayoutProvider {
  const { listBooks } = calls
  return {
    name: 'simulated',
    openAccount: async (account) => accountStateOf(account, pages),
    transfer: async (order, signal) => movedResult(await calls.transfer(order, signal)),
    reverse: async ({ key, amount, reversed }, signal) =>
      reversed === null
        ? { outcome: 'failed', reference: null, failure_reason: 'no transfer to take it from' }
        : movedResult(await calls.reverse({ key, amount, transfer: reversed }, signal)),
    pay: async (order, signal) => payoutResult(await calls.pay(order, signal)),
    findTransfer: async ({ key }, signal) => {
      const found = await calls.findMoved(key, signal)
      return found && movedResult(found)
    },
    findPayout: async ({ key }, signal) => {
      const found = await calls.findPayout(key, signal)
      return found && payoutResult(found)
    },
    ...(listBooks && { listBooks: ({ since }, signal) => listBooks(since, signal) }),
    onboarding: {
      isToken: pages.isToken,
      complete: async (account, mode) => accountStateOf({ ...account, reference: accountId(account.shop_id, mode) }, pages),
    },
  }
}

const refusedResult = ({ refused }: Refused) => ({ outcome: 'failed', reference: null, failure_reason: refused }) as const

function movedResult(shown: Moved | Refused): TransferResult {
  if ('refused' in shown) return refusedResult(shown)
  return { outcome: 'done', reference: shown.reversal ?? shown.transfer, failure_reason: null }
}

const RETURN_REASON = 'account_closed'

function payoutResult(shown: Paid | Refused): PayoutResult {
  if ('refused' in shown) return refusedResult(shown)
  const { outcome, payout: reference } = shown
  return { outcome, reference, failure_reason: outcome === 'returned' ? RETURN_REASON : null }
}

/** A payout as an event, or null if another marketplace made it. By default its id is made of the payout and its state. */
export function payoutEvent(shown: Paid, event_id = `${shown.payout}.${shown.outcome}`): PayoutEvent | null {
  const payout_id = payoutIdOf(shown.key)
  if (payout_id === null) return null
  const { outcome, failure_reason } = payoutResult(shown)
  const { amount, payout: provider_reference } = shown
  return { kind: 'payout', event_id, payout_id, outcome, amount, currency: 'usd', provider_reference, failure_reason }
}
