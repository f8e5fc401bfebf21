/** The circuit breaker around everything that a search asks of Elasticsearch. What PostgreSQL does for the same search is none of its business. */
import CircuitBreaker from 'opossum'
import type { Logger } from 'pino'
import type { Metrics } from '../../../platform/metrics/metrics.ts'
import { watchBreaker } from '../../../platform/metrics/watch.ts'

/** Calls Elasticsearch with a signal that aborts the call when its time is up. */
export type Ask = <T>(call: (in_time: AbortSignal) => Promise<T>) => Promise<T>

export type Breaker = {
  /** For one search, however often it asks: all its calls share 3 s. Throws EngineFailure. */
  begin: () => Ask
  /** `waiting`: the rest is over, and the next call is the probe. Nobody else is let through until that is answered. */
  state: () => 'closed' | 'open' | 'waiting'
  close: () => void
}

/** Elasticsearch gave no answer, and `cause` says why; or it was not even asked, because it rests. */
export class EngineFailure extends Error {
  readonly was_asked: boolean
  constructor(cause: unknown) {
    super('Elasticsearch did not answer', { cause })
    this.was_asked = (cause as { code?: string }).code !== 'EOPENBREAKER'
  }
}

/** An answer that came, but took too long for Elasticsearch to be well. It is served. */
class SlowAnswer extends Error {
  readonly answer: unknown
  constructor(answer: unknown) {
    super('answered slowly')
    this.answer = answer
  }
}

/** Elasticsearch has refused a part of a call with a status of its own. */
class Refused extends Error {
  readonly statusCode: number
  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** All that one search may ask of Elasticsearch takes this at most: then the call itself is aborted. */
const SEARCH_TIMEOUT_MS = 3000
/** After 10 calls in 10 s, more than half of which failed, Elasticsearch rests for 15 s; then one call tries it. */
const BREAKER = { timeout: SEARCH_TIMEOUT_MS, errorThresholdPercentage: 50, resetTimeout: 15_000, volumeThreshold: 10 }
/** PostgreSQL would have answered sooner. */
const SLOW_MS = 500
/** The breaker gives up on a call this much later than the call on itself, so that none outlives its answer. */
const GRACE_MS = 250

type Call = { run: (in_time: AbortSignal) => Promise<unknown>; left_ms: number }

type BreakerOptions = Partial<typeof BREAKER> & { slow?: number; log?: Logger; metrics?: Metrics; onOpen?: () => void }

/** `log` hears when it opens and closes, `metrics` shows it. Times are in milliseconds. */
export function openBreaker(options: BreakerOptions = {}): Breaker {
  const { log, metrics, onOpen, slow = SLOW_MS, ...changes } = options
  const settings = { ...BREAKER, ...changes }
  const run = async ({ run, left_ms }: Call) => {
    const began = performance.now()
    const answer = await run(AbortSignal.timeout(left_ms))
    if (performance.now() - began > slow) throw new SlowAnswer(answer)
    return answer
  }
  const breaker = new CircuitBreaker(run, { ...settings, timeout: settings.timeout + GRACE_MS, errorFilter: isOurFault })
  if (metrics) watchBreaker(metrics, 'elasticsearch', breaker)
  breaker.on('open', () => {
    log?.warn('Elasticsearch fails or is slow: PostgreSQL answers searches')
    onOpen?.()
  })
  breaker.on('close', () => log?.info('Elasticsearch answers searches again'))
  const begin = (): Ask => {
    let left_ms = settings.timeout
    return async <T>(call: Call['run'] & ((in_time: AbortSignal) => Promise<T>)): Promise<T> => {
      const began = performance.now()
      try {
        return (await breaker.fire({ run: call, left_ms: Math.ceil(left_ms) })) as T
      } catch (error) {
        if (error instanceof SlowAnswer) return error.answer as T
        throw new EngineFailure(error)
      } finally {
        left_ms = Math.max(1, left_ms - (performance.now() - began))
      }
    }
  }
  // opossum lets one call through when the rest is over, and refuses the others until that one has come back.
  const state = () => (breaker.closed ? 'closed' : breaker.pendingClose ? 'waiting' : 'open')
  return { begin, state, close: () => breaker.shutdown() }
}

/** Asks without a breaker, for measurements: what fails, throws. */
export function openUnguarded(): Ask {
  return (call) => call(AbortSignal.timeout(SEARCH_TIMEOUT_MS))
}

/** The error for a part of a call that Elasticsearch refused. */
export function refusedBy(status: number | undefined, { type, reason }: { type: string; reason?: string | null }): Error {
  return new Refused(status ?? 500, `Elasticsearch: ${reason || type}`)
}

/** A question that Elasticsearch understood and would not answer says nothing about its health. An index that is gone (404) does. */
function isOurFault(error: unknown): boolean {
  const status = (error as { statusCode?: number }).statusCode ?? 500
  return status >= 400 && status < 500 && ![404, 408, 429].includes(status)
}
