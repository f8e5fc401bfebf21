/**
 * Payouts by Stripe Connect: separate charges and transfers (https://docs.stripe.com/connect/separate-charges-and-transfers).
 *
 * A shop is a connected account with Stripe's own onboarding, and pays out only when we ask. A transfer names the charge that its
 * money is from (`source_transaction`), so Stripe takes it before the charge is available. A payout is of the account of the shop.
 *
 * Stripe forgets idempotency keys after a day, so each call first looks for our key in the metadata. A refusal is remembered under
 * its idempotency key, so this key names the payout, too: the next payout is a new request.
 */
import Stripe from 'stripe'
import { invalidInput } from '../../platform/problem.ts'
import {
  type AccountQuery,
  type AccountState,
  type BookEntry,
  type BooksFilter,
  NotSent,
  type Payout,
  type PayoutProvider,
  type PayoutResult,
  type Reversal,
  type Transfer,
  type TransferQuery,
  type TransferResult,
} from '../payouts/provider.ts'
import { centsOf, dollarsOf } from './cents.ts'
import { isNeverConnected } from './connection.ts'
import { accountStatusOf, payoutResultOf } from './stripe_payout_events.ts'

/** `base_url`: the URL of this server. Stripe sends the seller to a page below it after the onboarding. */
export type StripeAccess = {
  stripe: Stripe
  within: <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>
  installation: string
  base_url: string
}

/** The most that Stripe sends in a page. */
const PAGE_SIZE = 100
/** Stripe allows 25 requests a second and more. */
const ACCOUNTS_AT_ONCE = 8

export function openStripePayouts(access: StripeAccess): PayoutProvider {
  const { within } = access
  return {
    name: 'stripe',
    openAccount: (account, signal) => within(signal, () => openAccount(access, account)),
    transfer: (order, signal) => within(signal, async () => (await findTransfer(access, order)) ?? createTransfer(access, order)),
    reverse: (order, signal) => within(signal, async () => (await findReversal(access, order)) ?? createReversal(access, order)),
    pay: (order, signal) => within(signal, async () => (await findPayout(access, order, null)) ?? createPayout(access, order)),
    findTransfer: (query: TransferQuery, signal) =>
      within(signal, () => (query.is_reversal ? findReversal(access, query) : findTransfer(access, query))),
    findPayout: (query, signal) => within(signal, () => findPayout(access, query, query.reference)),
    listBooks: (filter, signal) => within(signal, () => listBooks(access, filter)),
  }
}

/**
 * An account that was created while we lost the answer is found again by its idempotency key for a day. After that it stays empty
 * and unused.
 */
async function openAccount(
  { stripe, installation, base_url }: StripeAccess,
  { shop_id, reference, country }: AccountQuery,
): Promise<AccountState> {
  const account = reference
    ? await stripe.accounts.retrieve(reference)
    : await createAccount(stripe, installation, shop_id, country)
  const state = { reference: account.id, ...accountStatusOf(account) }
  if (state.status === 'active' || state.status === 'rejected') return { ...state, onboarding_url: null }
  // A link is for one visit within minutes, so each call makes one.
  const link = await stripe.accountLinks.create({
    account: account.id,
    type: 'account_onboarding',
    refresh_url: `${base_url}/payout-accounts/again`,
    return_url: `${base_url}/payout-accounts/done`,
  })
  return { ...state, onboarding_url: link.url }
}

/** Throws a Problem if Stripe refuses the account: a call with the same country would not help. */
async function createAccount(stripe: Stripe, installation: string, shop_id: number, country: string): Promise<Stripe.Account> {
  const wanted: Stripe.AccountCreateParams = {
    country,
    controller: {
      fees: { payer: 'application' },
      losses: { payments: 'application' },
      stripe_dashboard: { type: 'express' },
    },
    // In most countries Stripe gives an account `transfers` alone only by a special agreement.
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    settings: { payouts: { schedule: { interval: 'manual' } } },
    metadata: { shop_id: String(shop_id), installation },
  }
  try {
    return await stripe.accounts.create(wanted, { idempotencyKey: `${installation}_account_${shop_id}_${country}` })
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
    throw invalidInput([
      { pointer: '#/country', detail: `Stripe opens no account in ${country}: ${error.message.slice(0, 500)}` },
    ])
  }
}

const groupOf = ({ installation }: StripeAccess, { group, key }: Transfer) => `${installation}_${group ?? key}`
const metadataOf = ({ installation }: StripeAccess, key: string) => ({ key, installation })
const keyOf = ({ installation }: StripeAccess, { key, payout_key }: Pick<Transfer, 'key' | 'payout_key'>) => ({
  idempotencyKey: `${installation}_${key}_${payout_key}`,
})
const isOurs = ({ installation }: StripeAccess, metadata: Stripe.Metadata | null, key: string) =>
  metadata?.key === key && metadata.installation === installation
const done = (reference: string): TransferResult => ({ outcome: 'done', reference, failure_reason: null })

async function findTransfer(access: StripeAccess, order: Transfer): Promise<TransferResult | null> {
  for await (const known of access.stripe.transfers.list({ transfer_group: groupOf(access, order), limit: PAGE_SIZE }))
    if (isOurs(access, known.metadata, order.key)) return done(known.id)
  return null
}

async function createTransfer(access: StripeAccess, order: Transfer): Promise<TransferResult> {
  const charge = order.source && (await chargeOf(access.stripe, order.source))
  return orRefused(async () => {
    const { id } = await access.stripe.transfers.create(
      {
        amount: centsOf(order.amount),
        currency: 'usd',
        destination: order.account,
        transfer_group: groupOf(access, order),
        ...(charge ? { source_transaction: charge } : {}),
        metadata: metadataOf(access, order.key),
      },
      keyOf(access, order),
    )
    return done(id)
  })
}

/** The charge of a PaymentIntent, which is our reference of a payment. */
async function chargeOf(stripe: Stripe, reference: string): Promise<string | null> {
  const { latest_charge } = await stripe.paymentIntents.retrieve(reference)
  return typeof latest_charge === 'string' ? latest_charge : (latest_charge?.id ?? null)
}

async function findReversal(access: StripeAccess, { key, reversed }: Reversal): Promise<TransferResult | null> {
  if (reversed === null) return null
  for await (const known of access.stripe.transfers.listReversals(reversed, { limit: PAGE_SIZE }))
    if (isOurs(access, known.metadata, key)) return done(known.id)
  return null
}

/** Stripe refuses a reversal above the balance of the account. */
async function createReversal(access: StripeAccess, order: Reversal): Promise<TransferResult> {
  const { reversed, key, amount } = order
  if (reversed === null) return { outcome: 'failed', reference: null, failure_reason: 'no transfer to take it from' }
  return orRefused(async () => {
    const changes = { amount: centsOf(amount), metadata: metadataOf(access, key) }
    const { id } = await access.stripe.transfers.createReversal(reversed, changes, keyOf(access, order))
    return done(id)
  })
}

async function findPayout(
  access: StripeAccess,
  { key, account }: Payout,
  reference: string | null,
): Promise<PayoutResult | null> {
  const of_shop = { stripeAccount: account }
  if (reference) return payoutResultOf(await access.stripe.payouts.retrieve(reference, {}, of_shop))
  for await (const known of access.stripe.payouts.list({ limit: PAGE_SIZE }, of_shop))
    if (isOurs(access, known.metadata, key)) return payoutResultOf(known)
  return null
}

async function createPayout(access: StripeAccess, { key, account, amount }: Payout): Promise<PayoutResult> {
  return orRefused(async () => {
    const order = { amount: centsOf(amount), currency: 'usd', metadata: metadataOf(access, key) }
    const options = { stripeAccount: account, idempotencyKey: `${access.installation}_${key}` }
    return payoutResultOf(await access.stripe.payouts.create(order, options))
  })
}

/**
 * The transfers of this installation, and those that somebody made in the dashboard to one of the accounts. Each account has its own
 * list of payouts.
 */
async function listBooks({ stripe, installation }: StripeAccess, { since, accounts }: BooksFilter): Promise<BookEntry[]> {
  const recent = { created: { gte: Math.floor(since.getTime() / 1000) }, limit: PAGE_SIZE }
  const entries: BookEntry[] = []
  for await (const transfer of stripe.transfers.list(recent)) {
    const { id, metadata, destination, reversals } = transfer
    const account = typeof destination === 'string' ? destination : destination?.id
    if (metadata.installation !== installation && !(account && accounts.includes(account))) continue
    entries.push(entryOf('transfer', transfer))
    // A transfer comes with its first ten reversals.
    const all = reversals.has_more ? stripe.transfers.listReversals(id, { limit: PAGE_SIZE }) : reversals.data
    for await (const reversal of all) entries.push(entryOf('reversal', reversal))
  }
  const listPayouts = async (account: string) => {
    for await (const payout of stripe.payouts.list(recent, { stripeAccount: account })) entries.push(entryOf('payout', payout))
  }
  for (let next = 0; next < accounts.length; next += ACCOUNTS_AT_ONCE)
    await Promise.all(accounts.slice(next, next + ACCOUNTS_AT_ONCE).map(listPayouts))
  return entries
}

function entryOf(what: BookEntry['what'], { id, amount, created }: { id: string; amount: number; created: number }): BookEntry {
  return { what, reference: id, amount: dollarsOf(amount), created_at: new Date(created * 1000).toISOString() }
}

type Failed = { outcome: 'failed'; reference: null; failure_reason: string }

/** Maps an error: a rejected request is an outcome. Some errors prove that no money moved. */
async function orRefused<R>(call: () => Promise<R>): Promise<R | Failed> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError)
      return { outcome: 'failed', reference: null, failure_reason: error.message.slice(0, 500) }
    const isRefusedUnread =
      error instanceof Stripe.errors.StripeAuthenticationError ||
      error instanceof Stripe.errors.StripePermissionError ||
      error instanceof Stripe.errors.StripeRateLimitError ||
      (error instanceof Stripe.errors.StripeConnectionError && isNeverConnected(error.detail ?? {}))
    throw isRefusedUnread ? new NotSent(`Stripe: ${error.message}`, { cause: error }) : error
  }
}
