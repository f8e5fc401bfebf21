/** The states of accounts and payouts at Stripe, and the events about them. */
import Stripe from 'stripe'
import {
  type AccountEvent,
  type AccountStatus,
  type PayoutEvent,
  type PayoutOutcome,
  type PayoutResult,
  payoutIdOf,
  type ReversalEvent,
} from '../payouts/provider.ts'
import { dollarsOf } from './cents.ts'

const PAYOUT_OUTCOMES: Record<string, PayoutOutcome> = {
  pending: 'sent',
  in_transit: 'sent',
  paid: 'paid',
  failed: 'failed',
  canceled: 'failed',
}

export function payoutResultOf({ id, status, failure_message, failure_code }: Stripe.Payout): PayoutResult {
  const outcome = PAYOUT_OUTCOMES[status]
  if (!outcome) throw new Error(`Stripe answered the unknown status ${status} of a payout`)
  return { outcome, reference: id, failure_reason: outcome === 'failed' ? (failure_message ?? failure_code ?? status) : null }
}

/** An account is active once it can get transfers and pay out. */
export function accountStatusOf(account: Stripe.Account): { status: AccountStatus; requirements: string[] } {
  const { currently_due, past_due, disabled_reason } = account.requirements ?? {}
  return {
    status: statusOf(account, disabled_reason),
    requirements: [...new Set([...(currently_due ?? []), ...(past_due ?? [])])],
  }
}

function statusOf(account: Stripe.Account, disabled_reason: string | null | undefined): AccountStatus {
  if (disabled_reason?.startsWith('rejected')) return 'rejected'
  if (account.payouts_enabled && account.capabilities?.transfers === 'active') return 'active'
  return account.details_submitted ? 'restricted' : 'pending'
}

/** Reads an event about an account, a payout or a reversal, or returns null. All databases of the Stripe account receive all events. */
export function readPayoutEvent(event: Stripe.Event, installation: string): AccountEvent | PayoutEvent | ReversalEvent | null {
  if (event.type === 'account.updated') return accountEvent(event.id, event.data.object as Stripe.Account, installation)
  if (event.type === 'transfer.reversed') return reversalEvent(event.id, event.data.object as Stripe.Transfer, installation)
  if (!/^payout\.(paid|failed|canceled)$/.test(event.type)) return null
  return payoutEvent(event.id, event.data.object as Stripe.Payout, installation)
}

function accountEvent(event_id: string, account: Stripe.Account, installation: string): AccountEvent | null {
  if (account.metadata?.installation !== installation) return null
  return { kind: 'payout_account', event_id, provider_reference: account.id, ...accountStatusOf(account) }
}

/**
 * Stripe sends events in any order, so the state of now counts. Null for an account that has been deleted. If Stripe does not
 * respond, this call throws, and Stripe sends the event again.
 */
export async function refreshAccount(stripe: Stripe, event: AccountEvent): Promise<AccountEvent | null> {
  try {
    return { ...event, ...accountStatusOf(await stripe.accounts.retrieve(event.provider_reference)) }
  } catch (error) {
    const isGone =
      error instanceof Stripe.errors.StripeInvalidRequestError ||
      (error instanceof Stripe.errors.StripePermissionError && error.code === 'account_invalid')
    if (!isGone) throw error
    return null
  }
}

/** A payout that is paid can fail later, and the event of the failure can arrive first. */
export async function refreshPayout(stripe: Stripe, event: PayoutEvent, account: string | undefined): Promise<PayoutEvent> {
  if (event.outcome !== 'paid' || !account) return event
  const payout = await stripe.payouts.retrieve(event.provider_reference, {}, { stripeAccount: account })
  const { outcome, failure_reason } = payoutResultOf(payout)
  return { ...event, outcome, failure_reason }
}

function payoutEvent(event_id: string, payout: Stripe.Payout, installation: string): PayoutEvent | null {
  const payout_id = payoutIdOf(payout.metadata?.key)
  if (payout_id === null || payout.metadata?.installation !== installation) return null
  const { outcome, failure_reason } = payoutResultOf(payout)
  const { id: provider_reference, currency } = payout
  const amount = dollarsOf(payout.amount)
  return { kind: 'payout', event_id, payout_id, outcome, amount, currency, provider_reference, failure_reason }
}

/** A reversal without our key was made at Stripe. */
function reversalEvent(event_id: string, transfer: Stripe.Transfer, installation: string): ReversalEvent | null {
  if (transfer.metadata.installation !== installation) return null
  const made_there = transfer.reversals.data.find(({ metadata }) => metadata?.installation !== installation)
  if (!made_there) return null
  const { id, amount } = made_there
  return { kind: 'reversal', event_id, transfer_reference: transfer.id, provider_reference: id, amount: dollarsOf(amount) }
}
