/** Decides whether this process can use the texts in Redis, and handles invalidations that Redis did not confirm. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { type Heartbeat, NOTICED_AFTER_MS } from './store.ts'

const PING_EVERY_MS = 100
/** The interval after 3 s without a use of the cache. A lost connection counts at once, and the first use starts a ping. */
const PING_AT_REST_EVERY_MS = 500
const REST_AFTER_MS = 3000
/** After this many missed pings in a row, Redis counts as away. A process that was busy for half a second missed one. */
export const AWAY_AFTER_PINGS = 3
const LOOK_AGAIN_MS = 20
/** A process that can reach neither Redis nor the database waits at most this long. */
const GIVE_UP_AFTER_MS = 5000

/**
 *            Redis responds         connection lost,          an invalidation
 *                                   heartbeats missed         was not confirmed
 *     new ──────────────▶ current ──────────────▶ doubtful ─────────────────▶ lost
 *                            ▲                        │                         │
 *                            └──── Redis responds, and all generations moved ───┘
 *
 * `new`: Redis has not responded yet, so nothing stale can have been read. Every state can change to `lost`. An event while the
 * generations move keeps the state, and the next ping moves them again.
 */
type State = { name: 'new' } | { name: 'current' } | { name: 'doubtful' } | Lost

/** From `ignored_at_ms` on, no other process uses the cache until this process reports that it is well again. */
type Lost = { name: 'lost'; ignored_at_ms: number; is_recovered: boolean }

export type Trust = {
  isTrusted: () => boolean
  /** Whether the last pings got no response. */
  isAway: () => boolean
  hasLostInvalidations: () => boolean
  onHeartbeat: (heartbeat: Heartbeat) => void
  /**
   * Reports an unconfirmed invalidation. Returns true after new marks have replaced it, or false when no other process uses the
   * cache.
   */
  loseInvalidation: () => Promise<boolean>
  stop: () => void
}

/** `moveGenerations` makes everything in Redis stale. It throws if Redis does not confirm that. */
export function watchTrust(
  redis: Redis,
  moveGenerations: () => Promise<unknown>,
  { away_after_pings, heartbeat_counts_for_ms }: { away_after_pings: number; heartbeat_counts_for_ms: number },
): Trust {
  let state: State = { name: 'new' }
  let is_disturbed = false
  /** Null before the first heartbeat. */
  let united_until_ms: number | null = null

  const doubt = () => {
    is_disturbed = true
    if (state.name !== 'lost') state = { name: 'doubtful' }
  }
  /** After a reconnect, Redis can be another server, or have restored an old state. */
  const onConnectionLoss = () => {
    if (state.name !== 'new') doubt()
  }
  const lose = (): Lost => {
    is_disturbed = true
    // An earlier heartbeat that is still in progress can report this process too.
    if (state.name !== 'lost') state = { name: 'lost', ignored_at_ms: Number.POSITIVE_INFINITY, is_recovered: false }
    return state
  }
  const onResponse = async () => {
    if (state.name === 'doubtful' || state.name === 'lost') {
      is_disturbed = false
      await moveGenerations()
      if (is_disturbed) return
    }
    if (state.name === 'lost') state.is_recovered = true
    state = { name: 'current' }
  }
  const pinging = startPinging(redis, away_after_pings, { onConnectionLoss, onResponse })

  return {
    isTrusted: () => {
      pinging.keepUp()
      return state.name === 'current' && !pinging.isAway() && performance.now() < (united_until_ms ?? 0)
    },
    isAway: () => {
      pinging.keepUp()
      return pinging.isAway()
    },
    hasLostInvalidations: () => state.name === 'lost',
    onHeartbeat: ({ others, others_not_invalidating, has_lost_invalidations, asked_at_ms }) => {
      // A process that cannot reach Redis can have written since the last valid heartbeat.
      if (others_not_invalidating === 0 && united_until_ms !== null && performance.now() > united_until_ms) doubt()
      united_until_ms = others_not_invalidating > 0 ? 0 : asked_at_ms + heartbeat_counts_for_ms
      if (state.name !== 'lost') return
      const ignored_at_ms = performance.now() + (others > 0 ? NOTICED_AFTER_MS : 0)
      state.ignored_at_ms = has_lost_invalidations ? Math.min(state.ignored_at_ms, ignored_at_ms) : Number.POSITIVE_INFINITY
    },
    loseInvalidation: async () => {
      const loss = lose()
      const give_up_at_ms = performance.now() + GIVE_UP_AFTER_MS
      while (!loss.is_recovered) {
        if (performance.now() >= Math.min(loss.ignored_at_ms, give_up_at_ms)) return false
        await wait(LOOK_AGAIN_MS)
      }
      return true
    },
    stop: pinging.stop,
  }
}

type PingEvents = { onConnectionLoss: () => void; onResponse: () => Promise<void> }

/** Pings ten times a second after `keepUp`, one ping at a time. A ping that finds Redis away counts as a lost connection too. */
function startPinging(redis: Redis, away_after_pings: number, { onConnectionLoss, onResponse }: PingEvents) {
  let unanswered = Number.POSITIVE_INFINITY
  let is_under_way = false
  let used_at_ms = performance.now()
  let pinged_at_ms = 0
  const isAway = () => unanswered >= away_after_pings
  const ping = async () => {
    is_under_way = true
    pinged_at_ms = performance.now()
    if (isAway()) onConnectionLoss()
    try {
      await redis.ping()
      await onResponse()
      unanswered = 0
    } catch {
      unanswered++
    } finally {
      is_under_way = false
    }
  }
  const timer = setInterval(() => {
    const now_ms = performance.now()
    // A ping without a response is repeated at once.
    const is_at_rest = now_ms - used_at_ms > REST_AFTER_MS && unanswered === 0
    if (!is_under_way && (!is_at_rest || now_ms - pinged_at_ms >= PING_AT_REST_EVERY_MS)) void ping()
  }, PING_EVERY_MS)
  redis.on('close', onConnectionLoss)
  const stop = () => {
    clearInterval(timer)
    redis.off('close', onConnectionLoss)
  }
  const keepUp = () => {
    used_at_ms = performance.now()
  }
  return { isAway, keepUp, stop }
}
