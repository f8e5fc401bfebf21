/** Connections to one running replica, and what is known of it through them. */
import { openPool, type Pool } from '../db/client.ts'
import { showSecret } from '../secrets/statements.ts'
import { bounded } from './bounded.ts'
import { showPosition, showReplay } from './statements.ts'

/**
 * They are given up together: a server that has started anew may show an older state for a while. `shown`: how far in the primary's log it
 * is at least, in bytes; `fresh_at_ms`: when the primary was no farther than that, by performance.now().
 */
export type Link = {
  reads: Pool
  watch: Pool
  shown: number
  fresh_at_ms: number
  /** Where the primary was, oldest first, as long as the replica is not known to be there. */
  ahead: { position: number; at_ms: number }[]
  is_lost: boolean
}

/** As many as the primary's pool: who reads there would be reading here. */
export const READS_POOL_SIZE = 10
/** A look that takes longer is one at a server that is gone: nothing is read there any more. */
export const LOOK_TIMEOUT_MS = 500
/** Beyond that it lags too much for anything to be read. */
const MAX_AHEAD = 50

/** Nothing is known of it yet. */
export function openLink(url: string, read_timeout_ms: number): Link {
  const noted = { shown: 0, fresh_at_ms: Number.NEGATIVE_INFINITY, ahead: [], is_lost: false }
  const onClose = () => {
    link.is_lost = true
  }
  const open = (name: string, max: number, statement_timeout_ms: number) =>
    openPool(url, { name, max, statement_timeout_ms, onClose })
  const link: Link = Object.assign(noted, {
    reads: open('stallwright reads', READS_POOL_SIZE, read_timeout_ms),
    watch: open('stallwright replica watch', 1, LOOK_TIMEOUT_MS),
  })
  return link
}

/** At once: whoever waits for an answer there hears of it. */
export async function closeLink({ reads, watch }: Link): Promise<void> {
  await Promise.all([reads.end({ timeout: 0 }), watch.end({ timeout: 0 })]).catch(() => {})
}

/** Throws unless both are of the same installation. */
export async function expectSameDatabase({ watch }: Link, primary: Pool): Promise<void> {
  const secrets = [watch, primary].map((sql) => bounded(showSecret.one(sql, { name: 'installation' }), LOOK_TIMEOUT_MS))
  const [copy, original] = await Promise.all(secrets)
  if (!copy || !original || Buffer.compare(copy.secret, original.secret) !== 0)
    throw new Error('READ_DATABASE_URL is another database than DATABASE_URL')
}

/** Learns how far it is. Throws when it does not answer, has been lost meanwhile, or follows nobody any more. A primary that does not answer is no fault of its. */
export async function look(link: Link, primary: Pool): Promise<void> {
  const at_ms = performance.now()
  const written = await bounded(showPosition.one(primary, {}), LOOK_TIMEOUT_MS).catch(() => null)
  if (written) link.ahead.push({ at_ms, ...written })
  const { is_following, position } = await bounded(showReplay.one(link.watch, {}), LOOK_TIMEOUT_MS)
  if (link.is_lost) throw new Error('a connection was lost')
  if (!is_following) throw new Error('it follows no primary, perhaps because it was promoted')
  link.shown = position
  link.fresh_at_ms = link.ahead.findLast((was) => was.position <= position)?.at_ms ?? link.fresh_at_ms
  link.ahead = link.ahead.filter((was) => was.position > position).slice(-MAX_AHEAD)
}
