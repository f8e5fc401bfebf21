import CircuitBreaker from 'opossum'
import type { Logger } from 'pino'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { watchBreaker } from '../../platform/metrics/watch.ts'
import { type Charge, NotCharged, type PaymentProvider } from './provider.ts'

/**
 * What a charge came to. `unavailable`: nothing was charged, for certain. `pending`: no answer, or none that says, so the
 * money may or may not have moved.
 */
export type Settlement = {
  outcome: 'paid' | 'declined' | 'unavailable' | 'pending'
  provider: string
  provider_reference: string | null
}

/** The payment provider behind its circuit breaker. */
export type PaymentGateway = {
  provider: PaymentProvider
  /** False while the breaker is open or tries its one probe: then a checkout is refused before it touches stock. */
  available: () => boolean
  charge: (charge: Charge) => Promise<Settlement>
  close: () => void
}

/** A provider that does not answer within 5 s, or fails more than every fourth of at least 5 calls in 10 s, rests for 30 s. */
const BREAKER = { timeout: 5000, errorThresholdPercentage: 25, resetTimeout: 30_000, volumeThreshold: 5 }

/** The breaker gives up on a call this much later than the call on itself, so that none outlives its answer. */
const GRACE_MS = 250

type Watchers = { log?: Logger; metrics?: Metrics }

/** `log` hears why a charge got no answer, `metrics` shows the breaker. A decline is an answer. Times are in milliseconds. */
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
      const { outcome, reference } = await breaker.fire(charge)
      return { outcome, provider: provider.name, provider_reference: reference }
    } catch (err) {
      const outcome = isUncharged(err) ? 'unavailable' : 'pending'
      log?.warn({ err, checkout_id: charge.checkout_id, outcome }, 'the payment provider did not answer a charge')
      return { outcome, provider: provider.name, provider_reference: null }
    }
  }
  // opossum lets one call through when the rest is over, and refuses the others until that one has come back.
  return { provider, charge, available: () => breaker.closed || breaker.pendingClose, close: () => breaker.shutdown() }
}

/** The breaker refuses before it calls anybody. */
function isUncharged(error: unknown): boolean {
  return error instanceof NotCharged || (error as { code?: string }).code === 'EOPENBREAKER'
}
