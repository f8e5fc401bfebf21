/** The circuit breaker around the Elasticsearch calls of a search. It ignores PostgreSQL's part of the same search. */
import CircuitBreaker from 'opossum'
import type { Logger } from 'pino'
import type { Metrics } from '../../../platform/metrics/metrics.ts'
import { watchBreaker } from '../../../platform/metrics/watch.ts'

/** Calls Elasticsearch with a signal that aborts the call at its time limit. */
export type CallInTime = <T>(call: (in_time: AbortSignal) => Promise<T>) => Promise<T>

export type Breaker = {
  /** The calls of one search share 3 s. Calls throw EngineFailure. */
  startSearch: () => CallInTime
  /** `waiting` means that the next call is the probe. The breaker rejects all other calls until the probe ends. */
  state: () => 'closed' | 'open' | 'waiting'
  close: () => void
}

/**
 * Elasticsearch did not respond, for the reason in `cause`. Or the breaker is open and did not call it (`was_called` is false).
 */
export class EngineFailure extends Error {
  readonly was_called: boolean
  constructor(cause: unknown) {
    super('Elasticsearch did not respond', { cause })
    this.was_called = (cause as { code?: string }).code !== 'EOPENBREAKER'
  }
}

/** A response that is slower than SLOW_MS. The breaker counts a failure, but the search still uses the response. */
class SlowResponse extends Error {
  readonly response: unknown
  constructor(response: unknown) {
    super('responded slowly')
    this.response = response
  }
}

/** Elasticsearch refused one of the searches of a call. */
class Refused extends Error {
  readonly statusCode: number
  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** The calls of one search take at most this long. Then the signal aborts them. */
const SEARCH_TIMEOUT_MS = 3000
/** Opens when half of at least 10 calls in 10 s failed. After 15 s one call probes. */
const BREAKER = { timeout: SEARCH_TIMEOUT_MS, errorThresholdPercentage: 50, resetTimeout: 15_000, volumeThreshold: 10 }
/** A slower response counts as a failure, because PostgreSQL would have been faster. */
const SLOW_MS = 500
/** The breaker waits this much longer than the limit of the call, so no call outlives its result. */
const GRACE_MS = 250

type GuardedCall = { run: (in_time: AbortSignal) => Promise<unknown>; left_ms: number }

type BreakerOptions = Partial<typeof BREAKER> & { slow?: number; log?: Logger; metrics?: Metrics; onOpen?: () => void }

/** Logs when it opens and closes, and reports its state to `metrics`. Times are in milliseconds. */
export function openBreaker(options: BreakerOptions = {}): Breaker {
  const { log, metrics, onOpen, slow = SLOW_MS, ...changes } = options
  const settings = { ...BREAKER, ...changes }
  const run = async ({ run, left_ms }: GuardedCall) => {
    const began = performance.now()
    const response = await run(AbortSignal.timeout(left_ms))
    if (performance.now() - began > slow) throw new SlowResponse(response)
    return response
  }
  const breaker = new CircuitBreaker(run, { ...settings, timeout: settings.timeout + GRACE_MS, errorFilter: isOurFault })
  if (metrics) watchBreaker(metrics, 'elasticsearch', breaker)
  breaker.on('open', () => {
    log?.warn('Elasticsearch fails or is slow: PostgreSQL runs the searches')
    onOpen?.()
  })
  breaker.on('close', () => log?.info('Elasticsearch runs the searches again'))
  const startSearch = (): CallInTime => {
    let left_ms = settings.timeout
    return async <T>(call: GuardedCall['run'] & ((in_time: AbortSignal) => Promise<T>)): Promise<T> => {
      const began = performance.now()
      try {
        return (await breaker.fire({ run: call, left_ms: Math.ceil(left_ms) })) as T
      } catch (error) {
        if (error instanceof SlowResponse) return error.response as T
        throw new EngineFailure(error)
      } finally {
        left_ms = Math.max(1, left_ms - (performance.now() - began))
      }
    }
  }
  // After the pause opossum allows one call. It rejects the others until that call ends.
  const state = () => (breaker.closed ? 'closed' : breaker.pendingClose ? 'waiting' : 'open')
  return { startSearch, state, close: () => breaker.shutdown() }
}

/** Makes calls without a breaker, for measurements. */
export function openUnguarded(): CallInTime {
  return (call) => call(AbortSignal.timeout(SEARCH_TIMEOUT_MS))
}

/** The error for a search that Elasticsearch refused. */
export function refusedBy(status: number | undefined, { type, reason }: { type: string; reason?: string | null }): Error {
  return new Refused(status ?? 500, `Elasticsearch: ${reason || type}`)
}

/** A refused search is no sign that Elasticsearch is unhealthy. A missing index (404) is one. */
function isOurFault(error: unknown): boolean {
  const status = (error as { statusCode?: number }).statusCode ?? 500
  return status >= 400 && status < 500 && ![404, 408, 429].includes(status)
}
