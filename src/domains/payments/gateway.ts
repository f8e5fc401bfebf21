import CircuitBreaker from 'opossum'
import type { Logger } from 'pino'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { watchBreaker } from '../../platform/metrics/watch.ts'
import {
  type Charge,
  type ChargeQuery,
  type ChargeResult,
  type NextAction,
  NotCharged,
  type PaymentProvider,
} from './provider.ts'

declare module '../../http/env.ts' {
  interface Services {
    payments: PaymentGateway
  }
}

/**
 * The outcome of a charge, for settle_checkout. `unavailable`: certainly nothing was charged. `pending`: no clear response, so
 * the money may or may not have moved.
 */
export type Settlement = {
  outcome: 'paid' | 'declined' | 'unavailable' | 'abandoned' | 'pending' | 'requires_action'
  provider: string
  provider_reference: string | null
  next_action: NextAction | null
}

/** The payment provider behind its circuit breaker. */
export type PaymentGateway = {
  provider: PaymentProvider
  /** False while the breaker is open or runs its probe. A checkout then fails before it takes stock. */
  available: () => boolean
  charge: (charge: Charge) => Promise<Settlement>
  /** Cancels a charge. `pending` if the provider does not respond, has no charge yet, or still works on it. */
  cancel: (query: ChargeQuery) => Promise<Settlement>
  close: () => void
}

/** The call timeout is 5 s. If more than 25 % of at least 5 calls in 10 s fail, the breaker opens for 30 s. */
const BREAKER = { timeout: 5000, errorThresholdPercentage: 25, resetTimeout: 30_000, volumeThreshold: 5 }

/** The breaker's timeout exceeds the call's own by this, so that the call ends first. */
const GRACE_MS = 250

type Watchers = { log?: Logger; metrics?: Metrics }

/** Logs why a charge has no response, and reports the breaker in `metrics`. A decline is a response. Times in milliseconds. */
export function openGateway(provider: PaymentProvider, options: Partial<typeof BREAKER> & Watchers = {}): PaymentGateway {
  const { log, metrics, ...changes } = options
  const settings = { ...BREAKER, ...changes }
  const breaker = new CircuitBreaker((charge: Charge) => provider.charge(charge, AbortSignal.timeout(settings.timeout)), {
    ...settings,
    timeout: settings.timeout + GRACE_MS,
  })
  if (metrics) watchBreaker(metrics, 'payments', breaker)
  const charge = async (charge: Charge): Promise<Settlement> => {
    try {
      return settlementOf(provider, await breaker.fire(charge))
    } catch (err) {
      const outcome = isUncharged(err) ? 'unavailable' : 'pending'
      log?.warn({ err, checkout_id: charge.checkout_id, outcome }, 'the payment provider did not respond to a charge')
      return { outcome, provider: provider.name, provider_reference: null, next_action: null }
    }
  }
  const cancel = async (query: ChargeQuery): Promise<Settlement> => {
    const result = await provider.cancel(query, AbortSignal.timeout(settings.timeout)).catch((err) => {
      log?.warn({ err, checkout_id: query.checkout_id }, 'the payment provider did not respond to a cancellation')
      return null
    })
    return settlementOf(provider, result ?? { outcome: 'pending', reference: null })
  }
  // When the pause is over, opossum lets one call through and rejects others until it returns.
  return { provider, charge, cancel, available: () => breaker.closed || breaker.pendingClose, close: () => breaker.shutdown() }
}

/** Returns the arguments of settle_checkout for a result of the provider. */
export function settlementOf(
  { name }: PaymentProvider,
  result: ChargeResult | { outcome: 'abandoned'; reference: null },
): Settlement {
  const next_action = result.outcome === 'requires_action' ? result.next_action : null
  return { outcome: result.outcome, provider: name, provider_reference: result.reference, next_action }
}

/** True if certainly nothing was charged: the provider did not charge, or the breaker is open and made no call. */
function isUncharged(error: unknown): boolean {
  return error instanceof NotCharged || (error as { code?: string }).code === 'EOPENBREAKER'
}
