/** Connections to one running replica, and what is known of it through them. */
import { openPool, type Pool } from '../db/client.ts'
import { showSecret } from '../db/secrets.ts'
import { inTime } from '../in_time.ts'
import { type Place, showPosition, showReplay } from './statements.ts'

/**
 * They are given up together: a server that has started anew may show an older state for a while. `shown`: how far in the primary's log it
 * is at least; `fresh_at_ms`: when the primary was no farther than that, by performance.now().
 */
export type Link = {
  reads: Pool
  watch: Pool
  primary_watch: Pool
  shown: Place
  fresh_at_ms: number
  /** Where the primary was, oldest first, as long as the replica is not known to be there. */
  ahead: (Place & { at_ms: number })[]
  /** Until then it is left alone, because it answered too late. */
  rests_until_ms: number
  is_lost: boolean
}

/** As many as the primary's pool: who reads there would be reading here. */
export const READS_POOL_SIZE = 10
/** A look that takes longer is one at a server that is gone: nothing is read there any more. */
const LOOK_TIMEOUT_MS = 500
/** Beyond that it lags too much for anything to be read. */
const MAX_AHEAD = 50
/** A connection to the primary may be the dead one of a server that was replaced. */
const PRIMARY_AWAY_MS = 5000

/** Connects when it is first asked something; nothing is known of it yet. */
export function openLink(url: string, primary_url: string, read_timeout_ms: number): Link {
  const link: Omit<Link, 'reads' | 'watch' | 'primary_watch'> = {
    shown: { timeline: 0, position: 0 },
    fresh_at_ms: Number.NEGATIVE_INFINITY,
    ahead: [],
    rests_until_ms: Number.NEGATIVE_INFINITY,
    is_lost: false,
  }
  const onClose = () => {
    link.is_lost = true
  }
  const watch = { name: 'stallwright replica watch', max: 1, statement_timeout_ms: LOOK_TIMEOUT_MS, has_arrays: false }
  return Object.assign(link, {
    reads: openPool(url, { name: 'stallwright reads', max: READS_POOL_SIZE, statement_timeout_ms: read_timeout_ms, onClose }),
    watch: openPool(url, { ...watch, onClose }),
    primary_watch: openPool(primary_url, watch),
  })
}

/** At once: whoever waits for an answer there hears of it. */
export async function closeLink({ reads, watch, primary_watch }: Link): Promise<void> {
  await Promise.all([reads, watch, primary_watch].map((pool) => pool.end({ timeout: 0 }))).catch(() => {})
}

/** Throws unless both are of the same installation. */
export async function expectSameDatabase({ watch, primary_watch }: Link): Promise<void> {
  const ask = (sql: Pool, who: string) =>
    inTime(showSecret.one(sql, { name: 'installation' }), LOOK_TIMEOUT_MS).catch((error: Error) => {
      throw new Error(`${who}: ${error.message}`)
    })
  const [copy, original] = await Promise.all([ask(watch, 'the replica'), ask(primary_watch, 'the primary')])
  if (Buffer.compare(copy.secret, original.secret) !== 0)
    throw new Error('READ_DATABASE_URL is another database than DATABASE_URL')
}

/**
 * Learns how far it is. Throws when it does not answer, has been lost meanwhile, or follows nobody any more, or when the primary has not
 * answered for seconds.
 */
export async function look(link: Link): Promise<void> {
  const at_ms = performance.now()
  const written = await inTime(showPosition.one(link.primary_watch, {}), LOOK_TIMEOUT_MS).catch(() => null)
  if (written) link.ahead.push({ at_ms, ...written })
  const { is_following, ...shown } = await inTime(showReplay.one(link.watch, {}), LOOK_TIMEOUT_MS)
  if (link.is_lost) throw new Error('a connection was lost')
  if (!is_following) throw new Error('it follows no primary, perhaps because it was promoted')
  if (!written && at_ms - link.fresh_at_ms > PRIMARY_AWAY_MS) throw new Error('the primary does not answer')
  link.shown = shown
  link.fresh_at_ms = link.ahead.findLast((was) => hasReached(shown, was))?.at_ms ?? link.fresh_at_ms
  link.ahead = link.ahead.filter((was) => !hasReached(shown, was)).slice(-MAX_AHEAD)
}

/** Whether somebody who shows the log up to one place shows what was written up to another. */
export function hasReached(shown: Place, written: Place): boolean {
  return shown.timeline === written.timeline && shown.position >= written.position
}
