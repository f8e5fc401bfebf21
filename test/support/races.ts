/** Rivals: several real connections that do the same thing at the same moment, or in an order that a test decides. */
import { openPool, type Pool } from '../../src/platform/db/client.ts'

/** One connection. `pid` is the process id of its backend. */
export type Rival = { sql: Pool; pid: number }
export type Rivals = { all: Rival[]; close: () => Promise<void> }

/** Opens connections and returns when all of them are ready. */
export async function openRivals(url: string, count: number): Promise<Rivals> {
  const pools = Array.from({ length: count }, () => openPool(url, { max: 1, name: 'rival', statement_timeout_ms: 60_000 }))
  const all = await Promise.all(
    pools.map(async (sql) => {
      // A slow machine must not end a race. Only a deadlock or a rule may end it, so a rival waits up to 60 s for a lock.
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid, set_config('lock_timeout', '60s', false)`
      return { sql, pid: row?.pid as number }
    }),
  )
  const close = async () => {
    await Promise.all(pools.map((pool) => pool.end({ timeout: 2 })))
  }
  return { all, close }
}

/** Starts the part of every rival at once. Returns the results in the order of the rivals. */
export function race<T>(rivals: Rivals, part: (rival: Rival, index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(rivals.all.map(part))
}

/** Waits until the rival's backend waits for a lock. Throws after 20 s. */
export async function untilBlocked(sql: Pool, rival: Rival): Promise<void> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const [row] = await sql<{ blocked: boolean }[]>`
      select wait_event_type = 'Lock' as blocked from pg_stat_activity where pid = ${rival.pid}`
    if (row?.blocked) return
  }
  throw new Error(`Backend ${rival.pid} was expected to wait for a lock, and does not.`)
}

/**
 * Returns the number of deadlocks in this database. A backend reports its deadlocks with a delay, so the backend of each rival
 * flushes its statistics first.
 */
export async function countDeadlocks(rivals: Rivals): Promise<number> {
  for (const { sql } of rivals.all) await sql`select pg_stat_force_next_flush()`
  const [row] = await (rivals.all[0] as Rival).sql<{ deadlocks: number }[]>`
    select deadlocks from pg_stat_database where datname = current_database()`
  return row?.deadlocks ?? 0
}
