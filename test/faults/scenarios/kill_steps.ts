/**
 * Kills at named steps. The API has no code that waits for a test. Before the split and before the transition it waits for a row
 * that the scenario has locked. Before and after the charge it waits for the proxy in front of the provider.
 */
import type { Sql } from '../../../src/platform/db/client.ts'
import { type Listing, makePeople, type Person, variantFor } from '../../support/people.ts'
import { addToCart, type Call, checkOut, send } from '../load/calls.ts'
import { waitFor } from '../loops.ts'
import type { Run } from '../scenario.ts'
import { holdLock } from '../servers/hold_lock.ts'
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

const steps: Step[] = [
  { name: 'before the split', kill: (victim) => killBeforeSplit(victim, 'rolled back'), needs_retry: true },
  { name: 'while the split commits', kill: (victim) => killBeforeSplit(victim, 'committed') },
  { name: 'after the split', kill: (victim) => killAtProxy(victim, 'request') },
  { name: 'after the charge', kill: (victim) => killAtProxy(victim, 'response') },
  { name: 'before the transition', kill: (victim) => killBeforeTransition(victim, 'rolled back') },
  { name: 'while the transition commits', kill: (victim) => killBeforeTransition(victim, 'committed') },
  { name: 'after the transition', kill: killAfterTransition },
]

/** Kills an API process `times` times at each step. Each buyer has these listings in the cart. */
export async function killAtNamedSteps(run: Run, servers: Servers, listings: Listing[], times: number): Promise<NamedKills> {
  const returning: NamedKills['returning'] = []
  const gone: Person[] = []
  const buyers = await makePeople(servers.sql, steps.length * times)
  for (const [index, buyer] of buyers.entries()) {
    const step = steps[index % steps.length] as Step
    const api = await servers.startApi()
    for (const listing of listings) await send(api.url, buyer, addToCart(listing.id, 1, undefined, variantFor(buyer, listing)))
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

/** The split waits for the buyer's row. */
async function killBeforeSplit({ servers, buyer, place, kill }: Victim, ending: Ending): Promise<void> {
  const release = await holdLock(servers.database_url, (tx) => tx`select from users where id = ${buyer.id} for update`)
  place()
  await killWaiting(servers, kill, ending)
  await release()
}

/** The proxy holds the charge: its request, so that the provider never charges, or its response. */
async function killAtProxy({ servers, place, kill }: Victim, where: 'request' | 'response'): Promise<void> {
  const { charge_proxy, sql } = servers
  charge_proxy.holdAt(where, await readNewest(sql))
  place()
  await charge_proxy.untilHeld()
  await kill()
  charge_proxy.reject()
}

/** The provider has charged, and the transition waits for the checkout's row. */
async function killBeforeTransition({ servers, buyer, place, kill }: Victim, ending: Ending): Promise<void> {
  const { charge_proxy, sql, database_url } = servers
  charge_proxy.holdAt('response', await readNewest(sql))
  place()
  await charge_proxy.untilHeld()
  const release = await holdLock(database_url, (tx) => tx`select from checkouts where buyer_id = ${buyer.id} for update`)
  charge_proxy.release()
  await killWaiting(servers, kill, ending)
  await release()
}

/** The transition has committed. The scenario ignores a response. */
async function killAfterTransition({ servers, buyer, place, kill }: Victim): Promise<void> {
  place()
  await waitFor('the checkout is paid', async () => {
    const paid = await servers.sql`select from checkouts where buyer_id = ${buyer.id} and status = 'paid'`
    return paid.length > 0
  })
  await kill()
}

/** The end of the statement whose process was killed: it reaches its time limit, or it commits without a caller. */
type Ending = 'rolled back' | 'committed'

/** Kills the API while its statement waits for the lock. */
async function killWaiting({ sql }: Servers, kill: () => Promise<void>, ending: Ending): Promise<void> {
  await waitFor('the API waits for the lock', () => isApiWaiting(sql))
  await kill()
  if (ending === 'rolled back') await waitFor('the statement has timed out', async () => !(await isApiWaiting(sql)))
}

/**
 * Returns the id of the newest checkout. The proxy must hold only the next one, because a job can charge an earlier one, whose
 * buyer never came back, at any moment.
 */
async function readNewest(sql: Sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select coalesce(max(id), 0) as id from checkouts`
  return row?.id ?? 0
}

/** Returns true if a connection of an API process waits for a lock. The process can be dead. */
async function isApiWaiting(sql: Sql): Promise<boolean> {
  const waiting = await sql`
    select from pg_stat_activity
    where datname = current_database() and application_name = 'stallwright api' and wait_event_type = 'Lock'`
  return waiting.length > 0
}
