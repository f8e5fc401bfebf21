/**
 * Kills at named steps. The API has no code that waits for a test. Before the split and before the transition it waits for a row
 * that the scenario has locked. Before and after the charge it waits for the gate in front of the provider.
 */
import { openPool, type Sql } from '../../../src/platform/db/client.ts'
import { type Listing, makePeople, type Person } from '../../support/people.ts'
import { addToCart, type Call, checkOut, send } from '../load/calls.ts'
import type { Run } from '../scenario.ts'
import type { Servers } from '../servers/servers.ts'

/** `returning` are the buyers that retry with their key. The buyers in `gone` never come back. */
export type NamedKills = { figures: string; returning: { buyer: Person; call: Call; step: string }[]; gone: Person[] }

/** The checkout of one buyer at its own process, which the step kills. */
type Victim = { servers: Servers; buyer: Person; place: () => void; kill: () => Promise<void> }
type Step = {
  name: string
  /** Brings the checkout to the step and kills the API there. */
  kill: (victim: Victim) => Promise<void>
  /** True if the killed call wrote nothing, so only a retry makes the checkout. At other steps every other buyer retries. */
  needs_retry?: boolean
}

const WAIT_MS = 20_000

const steps: Step[] = [
  { name: 'before the split', kill: (victim) => killBeforeSplit(victim, 'rolled back'), needs_retry: true },
  { name: 'while the split commits', kill: (victim) => killBeforeSplit(victim, 'committed') },
  { name: 'after the split', kill: (victim) => killAtGate(victim, 'request') },
  { name: 'after the charge', kill: (victim) => killAtGate(victim, 'response') },
  { name: 'before the transition', kill: (victim) => killBeforeTransition(victim, 'rolled back') },
  { name: 'while the transition commits', kill: (victim) => killBeforeTransition(victim, 'committed') },
  { name: 'after the transition', kill: killAfterTransition },
]

/** Kills an API process `times` times at each step. */
export async function killAtNamedSteps(run: Run, servers: Servers, listings: Listing[], times: number): Promise<NamedKills> {
  const returning: NamedKills['returning'] = []
  const gone: Person[] = []
  const buyers = await makePeople(servers.sql, steps.length * times)
  for (const [index, buyer] of buyers.entries()) {
    const step = steps[index % steps.length] as Step
    const api = await servers.startApi()
    for (const { id } of listings.slice(0, 3)) await send(api.url, buyer, addToCart(id))
    const call = checkOut(`named-${index}`)
    const place = () => void send(api.url, buyer, call)
    await step.kill({ servers, buyer, place, kill: api.kill })
    if (step.needs_retry || Math.floor(index / steps.length) % 2 === 1) returning.push({ buyer, call, step: step.name })
    else gone.push(buyer)
    run.progress(index + 1, buyers.length, `killed ${step.name}`)
  }
  const figures = `${times} at each of ${steps.length} named steps, ${gone.length} of those buyers never came back`
  return { figures, returning, gone }
}

/** The split waits for the buyer's row. After the kill it reaches its time limit, or it commits without a caller. */
async function killBeforeSplit({ servers, buyer, place, kill }: Victim, ending: 'rolled back' | 'committed'): Promise<void> {
  const unlock = await lockRow(servers, (tx) => tx`select from users where id = ${buyer.id} for update`)
  place()
  await until(servers, 'the split waits', () => isApiWaiting(servers.sql))
  await kill()
  if (ending === 'rolled back') await until(servers, 'the split gives up', async () => !(await isApiWaiting(servers.sql)))
  await unlock()
}

/** The gate holds the charge: its request, so that the provider never charges, or its response. */
async function killAtGate({ servers, place, kill }: Victim, where: 'request' | 'response'): Promise<void> {
  const { gate } = servers
  gate.holdAt(where, await readNewest(servers.sql))
  place()
  await gate.arrival()
  await kill()
  gate.drop()
}

/**
 * Returns the id of the newest checkout. The gate must hold only the next one, because a job can charge an earlier one, whose
 * buyer never came back, at any moment.
 */
async function readNewest(sql: Sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select coalesce(max(id), 0) as id from checkouts`
  return row?.id ?? 0
}

/** The provider has charged, and the transition waits for the checkout's row. */
async function killBeforeTransition({ servers, buyer, place, kill }: Victim, ending: 'rolled back' | 'committed'): Promise<void> {
  const { gate, sql } = servers
  gate.holdAt('response', await readNewest(sql))
  place()
  await gate.arrival()
  const unlock = await lockRow(servers, (tx) => tx`select from checkouts where buyer_id = ${buyer.id} for update`)
  gate.open()
  await until(servers, 'the transition waits', () => isApiWaiting(sql))
  await kill()
  if (ending === 'rolled back') await until(servers, 'the transition gives up', async () => !(await isApiWaiting(sql)))
  await unlock()
}

/** The transition has committed. The scenario ignores a response. */
async function killAfterTransition({ servers, buyer, place, kill }: Victim): Promise<void> {
  place()
  await until(servers, 'the checkout is paid', async () => {
    const paid = await servers.sql`select from checkouts where buyer_id = ${buyer.id} and status = 'paid'`
    return paid.length > 0
  })
  await kill()
}

/** Locks a row on a separate connection. The returned function releases it. */
async function lockRow({ database_url }: Servers, lock: (tx: Sql) => Promise<unknown>): Promise<() => Promise<void>> {
  const pool = openPool(database_url, { max: 1, name: 'stallwright prove lock', statement_timeout_ms: 0 })
  const connection = await pool.reserve()
  await connection`set idle_in_transaction_session_timeout = 0`
  await connection`begin`
  await lock(connection as unknown as Sql)
  return async () => {
    await connection`rollback`
    connection.release()
    await pool.end({ timeout: 5 })
  }
}

/** Returns true if a connection of an API process waits for a lock. The process can be dead. */
async function isApiWaiting(sql: Sql): Promise<boolean> {
  const waiting = await sql`
    select from pg_stat_activity
    where datname = current_database() and application_name = 'stallwright api' and wait_event_type = 'Lock'`
  return waiting.length > 0
}

/** Waits up to 20 s until `isSo` returns true. Then throws an Error with the database's connections and the newest checkout. */
async function until({ sql }: Servers, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      const connections = await sql`
        select application_name, state, wait_event, left(query, 80) as query from pg_stat_activity where datname = current_database()`
      const newest = await sql`select id, status, updated_at, clock_timestamp() as now from checkouts order by id desc limit 1`
      throw new Error(`It never came about that ${what}: ${JSON.stringify({ newest, connections })}`)
    }
    await Bun.sleep(10)
  }
}
