import { createRandom } from '../../../src/domains/catalog/random.ts'
import { describeCounts } from '../../support/figures.ts'
import { fillCarts, type Listing, listItems, makePeople, openShops, type Person } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { countWrongTrails, failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, type Call, checkOut, describe, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type ApiGroup, hasRedis, type Servers, type StoreKind, startServers } from '../servers/servers.ts'
import { killAtNamedSteps, type NamedKills } from './kill_steps.ts'

/**
 * The most requests in progress, and the most buyers without a final response. There are more buyers than requests, because the
 * buyers of a killed process wait until its lease ends.
 */
const CALLS_AT_ONCE = 24
const BUYERS_AT_ONCE = 200
/** The number of buyers grows with the kills, so that some buyers are always uninterrupted. */
const BUYERS_PER_KILL = 20
/** With two processes the load goes on while one of them starts. */
const PROCESSES = 2
const KILLED_WITHIN_MS = 1500
const SETTLE_WITHIN_S = 60
const UNITS_AT_NAMED_STEPS = 3
const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 1000
const BUYERS_PER_BATCH = 100

/** The URLs of the live processes (null for a process that starts), and the counts of the load. */
type Load = {
  servers: Servers
  listings: Listing[]
  urls: (string | null)[]
  random: () => number
  calls: number
  buyers: Set<Promise<void>>
  responses: Map<string, number>
  keys: number
  units: number
  kills: number
  /** From this time on, buyers stop their retries: SETTLE_WITHIN_S after the last kill. */
  give_up_at: number
}

export const kills: Scenario = {
  name: 'kills',
  claim: 'Whenever the API is killed, every key becomes one checkout and one charge, settled within a minute',
  test: (run) => tryKills(run, hasRedis(run, 'the marks that a killed process leaves in Redis') ? 'redis' : 'none'),
}

/** Kills processes at named steps, then at random moments under load. After that every checkout must be settled. */
export async function tryKills(run: Run, store: StoreKind): Promise<string> {
  const servers = await startServers(run, store, { gated: true })
  const listings = await listItems(servers.sql, await openShops(servers.sql, 6), Array(40).fill(1_000_000))
  await recordStock(servers.sql)
  const named = await killAtNamedSteps(run, servers, listings.slice(0, UNITS_AT_NAMED_STEPS), countFor(run, 5))
  const load = startLoad(run, servers, listings)
  const { kills, hits } = await killAtRandom(run, load)
  const killed_at = performance.now()
  load.give_up_at = killed_at + SETTLE_WITHIN_S * 1000
  const last = await servers.startApi()
  load.urls.fill(last.url)
  await Promise.all([...load.buyers, comeBack(run, load, named)])
  const left_s = SETTLE_WITHIN_S - (performance.now() - killed_at) / 1000
  await untilSettled(run, servers.sql, Math.max(left_s, 0))
  const settled_s = (performance.now() - killed_at) / 1000
  const given_up = await checkEverything(run, load, named)
  await last.stop()
  return `${kills} SIGKILLs under load, ${hits} of them with calls under way, ${load.keys} keys (${describeCounts(load.responses)}), ${given_up} checkouts given up uncharged; ${named.figures}; all settled ${settled_s.toFixed(0)} s after the last kill`
}

/** Starts a load that begins checkouts until the kills are over. */
function startLoad(run: Run, servers: Servers, listings: Listing[]): Load {
  const load: Load = {
    servers,
    listings,
    urls: Array<string | null>(PROCESSES).fill(null),
    random: createRandom(run.seed),
    calls: 0,
    buyers: new Set(),
    responses: new Map(),
    keys: 0,
    units: 0,
    kills: 0,
    give_up_at: Number.POSITIVE_INFINITY,
  }
  const waiting: Person[] = []
  const send = async () => {
    while (load.give_up_at === Number.POSITIVE_INFINITY) {
      const isEnough = load.buyers.size >= BUYERS_AT_ONCE || load.keys >= BUYERS_PER_KILL * (load.kills + PROCESSES)
      if (isEnough || load.calls >= CALLS_AT_ONCE || load.urls.every((url) => url === null)) {
        await Bun.sleep(5)
        continue
      }
      if (waiting.length === 0) waiting.push(...(await makePeople(servers.sql, BUYERS_PER_BATCH)))
      const shopping: Promise<void> = shop(run, load, waiting.pop() as Person).finally(() => load.buyers.delete(shopping))
      load.buyers.add(shopping)
      await Bun.sleep(0)
    }
  }
  // The loop ends before the scenario waits for the buyers.
  void send().catch((error) => run.fail(`the load broke off: ${(error as Error).message}`))
  return load
}

/** Kills each process up to KILLED_WITHIN_MS after its start, and starts another one in its place. */
async function killAtRandom(run: Run, load: Load): Promise<{ kills: number; hits: number }> {
  const wanted = countFor(run, 200)
  let begun = 0
  let hits = 0
  const killInTurn = async (slot: number) => {
    while (begun < wanted) {
      begun++
      const api: ApiGroup = await load.servers.startApi()
      load.urls[slot] = api.url
      await Bun.sleep(load.random() * KILLED_WITHIN_MS)
      if (load.calls > 0) hits++
      load.urls[slot] = null
      await api.kill()
      run.progress(++load.kills, wanted, `${load.keys} keys, ${load.buyers.size} unanswered`)
    }
  }
  await Promise.all(Array.from({ length: PROCESSES }, (_, slot) => killInTurn(slot)))
  return { kills: load.kills, hits }
}

/** One buyer fills a cart and retries one checkout until its response is final. A tenth of the buyers add by calls with keys. */
async function shop(run: Run, load: Load, buyer: Person): Promise<void> {
  const { random, listings, servers } = load
  const first = Math.floor(random() * listings.length)
  const chosen = [0, 7, 14]
    .slice(0, 1 + Math.floor(random() * 3))
    .map((step) => listings[(first + step) % listings.length] as Listing)
  if (random() < 0.9) await fillCarts(servers.sql, [buyer], chosen)
  else
    for (const { id } of chosen) {
      const added = await persist(load, buyer, addToCart(id, 1, `add-${id}`))
      if (added?.status !== 201) run.fail(`adding answers ${describe(added)}`)
    }
  load.keys++
  load.units += chosen.length
  const lot = random()
  const method = lot < 0.1 ? 'pm_card_chargeDeclined' : lot < 0.3 ? 'pm_card_slow' : 'pm_card_visa'
  const response = await persist(load, buyer, checkOut(`load-${buyer.id}`, method))
  const outcome = response && !response.code ? String(response.status) : describe(response)
  load.responses.set(outcome, (load.responses.get(outcome) ?? 0) + 1)
  // The API responds 202 if the provider is too slow. Then the job settles the checkout, and the end of the scenario checks it.
  const allowed = method === 'pm_card_chargeDeclined' ? [402, 202] : [201, 202]
  if (!allowed.includes(response?.status ?? 0)) run.fail(`a checkout answers ${describe(response)} after all retries`)
}

/** Repeats a call at a random live process after a mutant connection, a 5xx or "in progress". */
async function persist(load: Load, buyer: Person, call: Call): Promise<ApiResponse | null> {
  for (let wait_ms = FIRST_RETRY_MS; ; wait_ms = Math.min(wait_ms * 1.5, LAST_RETRY_MS)) {
    const alive = load.urls.filter((url) => url !== null)
    const url = alive[Math.floor(Math.random() * alive.length)]
    const response = url && load.calls < CALLS_AT_ONCE ? await count(load, () => send(url, buyer, call)) : null
    if (response && response.status < 500 && response.code !== 'idempotency_in_progress') return response
    if (performance.now() > load.give_up_at) return response
    await Bun.sleep(wait_ms * (0.5 + Math.random() / 2))
  }
}

async function count<T>(load: Load, call: () => Promise<T>): Promise<T> {
  load.calls++
  try {
    return await call()
  } finally {
    load.calls--
  }
}

/** The returning buyers of the named steps retry with their keys. */
async function comeBack(run: Run, load: Load, named: NamedKills): Promise<void> {
  await Promise.all(
    named.returning.map(async ({ buyer, call, step }) => {
      const response = await persist(load, buyer, call)
      if (response?.status !== 201 && response?.status !== 202)
        run.fail(`killed ${step}, the retry answers ${describe(response)}`)
    }),
  )
}

type Buyer = { buyer_id: number; kept: number; charges: number; units: number }

/**
 * Each buyer has one key. A buyer with a response has one checkout under it, charged once. The job may abandon the checkout of a
 * buyer that never came back. An abandoned checkout is cancelled, its key is free, and the provider must have no charge for it.
 * Returns the number of abandoned checkouts.
 */
async function checkEverything(run: Run, load: Load, named: NamedKills): Promise<number> {
  const { sql, provider } = load.servers
  const counts = await provider.count()
  const keys = load.keys + named.returning.length + named.gone.length
  const checkouts = await sql<
    { id: number; buyer_id: number; key: string | null; status: string; payment: string; units: number }[]
  >`
    select c.id, c.buyer_id, c.idempotency_key as key, c.status, p.status as payment, sum(oi.quantity)::integer as units
    from checkouts c
    join payments p on p.checkout_id = c.id
    join orders o on o.checkout_id = c.id
    join order_items oi on oi.order_id = o.id
    group by c.id, p.id`
  const buyers = new Map<number, Buyer>()
  let given_up = 0
  for (const { id, buyer_id, key, status, payment, units } of checkouts) {
    const buyer = buyers.get(buyer_id) ?? { buyer_id, kept: 0, charges: 0, units: 0 }
    const charges = counts.charges[id]?.count ?? 0
    buyers.set(buyer_id, buyer)
    buyer.charges += charges
    // The lines of an abandoned checkout return to the cart and the buyer orders them again: their units count once.
    buyer.units = units
    if (key !== null) buyer.kept++
    else given_up++
    if (key === null && (status !== 'cancelled' || payment !== 'failed' || charges > 0))
      run.fail(`checkout ${id} lost its key and is ${status}, its payment ${payment}, charged ${charges} times`)
  }
  const gone = new Set(named.gone.map(({ id }) => id))
  for (const { buyer_id, kept, charges } of buyers.values()) {
    const isRight = kept === 1 || (kept === 0 && gone.has(buyer_id))
    if (!isRight || charges !== kept) run.fail(`buyer ${buyer_id} has ${kept} checkouts of one key, charged ${charges} times`)
  }
  const units = [...buyers.values()].reduce((sum, buyer) => sum + buyer.units, 0)
  const wanted = load.units + UNITS_AT_NAMED_STEPS * (keys - load.keys)
  if (buyers.size !== keys) run.fail(`${keys} keys left checkouts of ${buyers.size} buyers`)
  if (units !== wanted) run.fail(`${wanted} units were put into carts and ${units} ordered`)
  failAll(run, await findWrongMoney(sql, counts))
  failAll(run, await findWrongStock(sql))
  const trails = await countWrongTrails(sql)
  if (trails > 0) run.fail(`${trails} orders are not what their events say`)
  return given_up
}
