/**
 * Stripe: one PaymentIntent a checkout, created and confirmed in one call.
 *
 * The idempotency key is the name of this installation and `checkout_<id>`, and both are in the intent's metadata. A second
 * call with the key returns the outcome of the first. Stripe keeps keys for at least 24 h, and a checkout is charged for a
 * minute at most.
 *
 * A charge whose response was lost has no reference here. The code searches the list of intents of those minutes. The list
 * is consistent. Stripe's search is not: a charge that it does not have yet would count as missing.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import Stripe from 'stripe'
import { Problem } from '../../platform/problem.ts'
import { traceHeaders } from '../../platform/tracing/trace.ts'
import { centsOf } from './cents.ts'
import { isNeverConnected } from './connection.ts'
import {
  type ChargeEvent,
  type ChargeQuery,
  type ChargeResult,
  type NextAction,
  NotCharged,
  type PaymentEvent,
  type PaymentProvider,
} from './provider.ts'
import { listFollowUps, readFollowUp, refundOnce } from './stripe_follow_ups.ts'
import { readPayoutEvent, refreshAccount, refreshPayout } from './stripe_payout_events.ts'
import { openStripePayouts } from './stripe_payouts.ts'
import { SIGNATURE_TOLERANCE_S } from './webhook_signature.ts'

/** `installation` identifies this database within the Stripe account. `api_url` is Stripe's own, except in tests. */
export type StripeOptions = {
  secret_key: string
  webhook_secrets: string[]
  installation: string
  api_url: string | undefined
  /** The URL of this server. Stripe sends the buyer to a page below it after an action. */
  base_url: string
}

/** Above every deadline of a caller, whose signal ends the call earlier. */
const TIMEOUT_MS = 30_000
/** For the calls that follow a webhook. */
const EVENT_TIMEOUT_MS = 5000
/** The earliest start of a checkout's charge: clocks can differ by a minute. */
const LOOK_BACK_S = 60

export function openStripeProvider({
  secret_key,
  webhook_secrets,
  installation,
  api_url,
  base_url,
}: StripeOptions): PaymentProvider {
  const { stripe, within } = openClient(secret_key, api_url)
  const keyOf = (key: string) => ({ idempotencyKey: `${installation}_${key}` })
  const isOurs = (intent: Stripe.PaymentIntent, checkout_id: number) =>
    intent.metadata.installation === installation && intent.metadata.checkout_id === String(checkout_id)

  const provider: PaymentProvider = {
    name: 'stripe',
    payouts: openStripePayouts({ stripe, within, installation, base_url }),
    // https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
    limits: { min: '0.50', max: '999999.99' },
    charge: ({ checkout_id, amount, method }, signal) =>
      within(signal, async () => {
        const order = {
          amount: centsOf(amount),
          currency: 'usd',
          payment_method: method,
          confirm: true,
          automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
          // The same for each try, because Stripe refuses other parameters under a known key.
          return_url: `${base_url}/payment-actions/done`,
          // That of the transfers to the shops.
          transfer_group: `${installation}_checkout_${checkout_id}`,
          metadata: { checkout_id: String(checkout_id), installation },
        } as const
        const created = await stripe.paymentIntents.create(order, keyOf(`checkout_${checkout_id}`)).then(
          (intent) => ({ intent }),
          (error: unknown) => ({ declined: declineOf(error) }),
        )
        // Outside the catch: once an intent exists, no error proves that no money moved.
        return 'declined' in created ? created.declined : resultOf(stripe, created.intent)
      }),
    find: (query, signal) =>
      within(signal, async () => {
        const intent = await findIntent(stripe, query, isOurs)
        return intent && resultOf(stripe, intent)
      }),
    cancel: (query, signal) =>
      within(signal, async () => {
        const intent = await findIntent(stripe, query, isOurs)
        return intent && cancelIntent(stripe, intent)
      }),
    refund: (refund, signal) => within(signal, () => refundOnce(stripe, refund, installation, keyOf(refund.key))),
    listFollowUps: (filter, signal) => within(signal, () => listFollowUps(stripe, filter, installation)),
  }
  if (webhook_secrets.length === 0) return provider
  return {
    ...provider,
    readEvent: async (body, headers): Promise<PaymentEvent | null> => {
      const event = await verify(stripe, webhook_secrets, body, headers)
      const ask = <T>(call: () => Promise<T>) => within(AbortSignal.timeout(EVENT_TIMEOUT_MS), call)
      const read = readOutcome(event, installation) ?? readFollowUp(event, installation) ?? readPayoutEvent(event, installation)
      if (read?.kind === 'charge' && event.type === 'payment_intent.payment_failed') return ask(() => endFailed(stripe, read))
      if (read?.kind === 'payout') return ask(() => refreshPayout(stripe, read, event.account))
      return read?.kind === 'payout_account' ? ask(() => refreshAccount(stripe, read)) : read
    },
  }
}

type Within = <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>

/** The SDK supports no AbortSignal, so `within` passes the signal of the current call to its fetch. */
function openClient(secret_key: string, api_url: string | undefined): { stripe: Stripe; within: Within } {
  const signals = new AsyncLocalStorage<AbortSignal>()
  const abortable = (input: RequestInfo | URL, init: RequestInit = {}) => {
    const present = [init.signal, signals.getStore()].filter((signal) => signal instanceof AbortSignal)
    const headers = new Headers(init.headers)
    for (const [name, value] of Object.entries(traceHeaders())) headers.set(name, value)
    // Stripe's API never redirects, so a redirect is not followed: its target must not get the key.
    return fetch(input, { ...init, headers, signal: AbortSignal.any(present), redirect: 'error' })
  }
  const url = api_url ? new URL(api_url) : null
  const stripe = new Stripe(secret_key, {
    // No retries in the SDK: the caller decides about retries.
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(abortable as typeof fetch),
    ...(url ? { protocol: url.protocol === 'http:' ? 'http' : 'https', host: url.hostname, port: url.port || 443 } : {}),
  })
  return { stripe, within: (signal, call) => signals.run(signal, call) }
}

/**
 * Maps an intent's status. After a failed step the buyer's `client_secret` can still confirm the intent with another card, so it
 * is cancelled, which is a decline. So is an intent in a status that our charges never have (a capture by hand).
 */
async function resultOf(stripe: Stripe, intent: Stripe.PaymentIntent): Promise<ChargeResult> {
  const reference = intent.id
  switch (intent.status) {
    case 'succeeded':
      return { outcome: 'paid', reference }
    case 'processing':
      return { outcome: 'pending', reference }
    case 'requires_action':
      return { outcome: 'requires_action', reference, next_action: nextActionOf(intent) }
    case 'requires_capture':
    case 'requires_confirmation':
    case 'requires_payment_method':
      return cancelIntent(stripe, intent)
    case 'canceled':
      return { outcome: 'declined', reference }
    default:
      throw new Error(`Stripe answered the unknown status ${intent.status}`)
  }
}

/** The page of the bank, or for an action without one, the secret by which Stripe's own library continues. */
function nextActionOf({ next_action, client_secret }: Stripe.PaymentIntent): NextAction {
  const type = next_action?.type ?? 'use_stripe_sdk'
  const url = next_action?.redirect_to_url?.url
  return url ? { type, url } : { type, ...(client_secret ? { client_secret } : {}) }
}

/** Stripe refuses to cancel an intent that has been decided, or is being decided, meanwhile. Its status then counts. */
async function cancelIntent(stripe: Stripe, intent: Stripe.PaymentIntent): Promise<ChargeResult> {
  if (intent.status === 'succeeded' || intent.status === 'canceled') return resultOf(stripe, intent)
  try {
    await stripe.paymentIntents.cancel(intent.id)
    return { outcome: 'declined', reference: intent.id }
  } catch (error) {
    const isDecided = error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'
    if (!isDecided) throw error
    return resultOf(stripe, await stripe.paymentIntents.retrieve(intent.id))
  }
}

/**
 * Returns the outcome of a charge whose event reports a failed step, and which the buyer could confirm again (resultOf). Null if
 * it is not decided. If Stripe does not respond, this call throws, and Stripe sends the event again.
 */
async function endFailed(stripe: Stripe, event: ChargeEvent): Promise<ChargeEvent | null> {
  const { outcome } = await resultOf(stripe, await stripe.paymentIntents.retrieve(event.provider_reference))
  return outcome === 'paid' || outcome === 'declined' ? { ...event, outcome } : null
}

/** Maps an error: a declined card or a rejected request is an outcome. Some errors prove that no money moved. */
function declineOf(error: unknown): ChargeResult {
  if (error instanceof Stripe.errors.StripeCardError) return { outcome: 'declined', reference: error.payment_intent?.id ?? null }
  // An invalid token or amount: a retry would not help, and Stripe is healthy.
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return { outcome: 'declined', reference: null }
  const isRefusedUnread =
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    (error instanceof Stripe.errors.StripeConnectionError && isNeverConnected(error.detail ?? {}))
  throw isRefusedUnread ? new NotCharged(`Stripe: ${error.message}`, { cause: error }) : error
}

async function findIntent(
  stripe: Stripe,
  { checkout_id, reference, age_s }: ChargeQuery,
  isOurs: (intent: Stripe.PaymentIntent, checkout_id: number) => boolean,
): Promise<Stripe.PaymentIntent | null> {
  if (reference) return stripe.paymentIntents.retrieve(reference)
  const placed_s = Math.floor(Date.now() / 1000 - age_s)
  const created = { gte: placed_s - LOOK_BACK_S }
  for await (const intent of stripe.paymentIntents.list({ created, limit: 100 })) {
    if (isOurs(intent, checkout_id)) return intent
  }
  return null
}

/** Returns the event if one of the secrets signed it in the last 5 minutes. The synchronous variant fails under Bun. */
async function verify(stripe: Stripe, secrets: string[], body: string, headers: Headers): Promise<Stripe.Event> {
  const header = headers.get('stripe-signature') ?? ''
  for (const secret of secrets) {
    try {
      return await stripe.webhooks.constructEventAsync(body, header, secret, SIGNATURE_TOLERANCE_S)
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error
    }
  }
  throw new Problem('invalid_signature', 'The signature is not from Stripe, or is too old.')
}

/** All databases of the account receive all events. Ignores those of other databases, and types that settle no charge. */
function readOutcome(event: Stripe.Event, installation: string): ChargeEvent | null {
  const outcome = outcomeOf(event.type)
  if (!outcome) return null
  const intent = event.data.object as Stripe.PaymentIntent
  const { checkout_id, installation: named } = intent.metadata
  if (named !== installation || !/^[1-9]\d{0,14}$/.test(checkout_id ?? '')) return null
  return { kind: 'charge', event_id: event.id, checkout_id: Number(checkout_id), outcome, provider_reference: intent.id }
}

function outcomeOf(type: string): 'paid' | 'declined' | null {
  if (type === 'payment_intent.succeeded') return 'paid'
  if (type === 'payment_intent.payment_failed' || type === 'payment_intent.canceled') return 'declined'
  return null
}
