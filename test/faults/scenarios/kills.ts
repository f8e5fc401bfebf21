import { createRandom } from '../../../src/domains/catalog/random.ts'
import type { Counts } from '../../../src/domains/payments/simulated_records.ts'
import { describeCounts } from '../../support/figures.ts'
import { fillCarts, type Listing, listItems, makePeople, openShops, type Person, variantFor } from '../../support/people.ts'
import { recordStock } from '../../support/stock.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, type Call, checkOut, describe, outcomeOf, send } from '../load/calls.ts'
import { startLoops } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { hasRedis, type Servers, type StoreKind, startServers, varyListings } from '../servers/servers.ts'
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
  run: Run
  servers: Servers
  listings: Listing[]
  urls: (string | null)[]
  random: () => number
  calls: number
  /** Registered buyers that have not begun yet. */
  waiting: Person[]
  buyers: Set<Promise<void>>
  outcomes: Map<string, number>
  keys: number
  units: number
  kills: number
  /** The kills with calls in progress. */
  hits: number
  /** From this time on, buyers stop their retries: SETTLE_WITHIN_S after the last kill. */
  give_up_at: number
}

export const kills: Scenario = {
  name: 'kills',
  claim: 'Whenever the API is killed, every key becomes one checkout and one charge, settled within a minute',
  test: (run) => testKills(run, hasRedis(run, 'the marks that a killed process leaves in Redis') ? 'redis' : 'none'),
}

/** Kills processes at named steps, then at random moments under load. After that every checkout must be settled. */
export async function testKills(run: Run, store: StoreKind): Promise<string> {
  const servers = await startServers(run, store, { holds_charges: true })
  const stock = Array<number>(40).fill(1_000_000)
  const { sql } = servers
  const listings = await varyListings(sql, await listItems(sql, await openShops(sql, 6), stock), stock)
  await recordStock(sql)
  const named = await killAtNamedSteps(run, servers, listings.slice(0, UNITS_AT_NAMED_STEPS), countFor(run, 5))
  const load = makeLoad(run, servers, listings)
  const endArrivals = startLoops([() => letBuyerIn(load)])
  await killAtRandom(load)
  const killed_at = performance.now()
  load.give_up_at = killed_at + SETTLE_WITHIN_S * 1000
  await endArrivals()
  const last = await servers.startApi()
  load.urls.fill(last.url)
  await Promise.all([...load.buyers, ...named.returning.map((buyer) => comeBack(load, buyer))])
  const passed_s = () => (performance.now() - killed_at) / 1000
  await checkAtEnd(run, servers, Math.max(SETTLE_WITHIN_S - passed_s(), 0))
  const settled_s = passed_s()
  const rows = await readCheckouts(servers)
  checkFreedKeys(run, rows)
  checkBuyers(load, named, rows)
  const given_up = rows.filter(({ key }) => key === null).length
  return [
    `${load.kills} SIGKILLs under load, ${load.hits} of them with calls in progress`,
    `${load.keys} keys (${describeCounts(load.outcomes)}), ${given_up} checkouts given up uncharged`,
    named.figures,
    `all settled ${settled_s.toFixed(0)} s after the last kill`,
  ].join('; ')
}

function makeLoad(run: Run, servers: Servers, listings: Listing[]): Load {
  return {
    run,
    servers,
    listings,
    urls: Array<string | null>(PROCESSES).fill(null),
    random: createRandom(run.seed),
    calls: 0,
    waiting: [],
    buyers: new Set(),
    outcomes: new Map(),
    keys: 0,
    units: 0,
    kills: 0,
    hits: 0,
    give_up_at: Number.POSITIVE_INFINITY,
  }
}

/** Starts the next buyer if the load has room for one. */
async function letBuyerIn(load: Load): Promise<void> {
  const { waiting, buyers, servers } = load
  const is_enough = buyers.size >= BUYERS_AT_ONCE || load.keys >= BUYERS_PER_KILL * (load.kills + PROCESSES)
  if (is_enough || load.calls >= CALLS_AT_ONCE || load.urls.every((url) => url === null)) return await Bun.sleep(5)
  if (waiting.length === 0) waiting.push(...(await makePeople(servers.sql, BUYERS_PER_BATCH)))
  const shopping: Promise<void> = goShopping(load, waiting.pop() as Person).finally(() => buyers.delete(shopping))
  buyers.add(shopping)
  await Bun.sleep(0)
}

/** Kills each process up to KILLED_WITHIN_MS after its start, and starts another one in its place. */
async function killAtRandom(load: Load): Promise<void> {
  const { run, servers, urls } = load
  const wanted = countFor(run, 200)
  let begun = 0
  const killInTurn = async (slot: number) => {
    while (begun++ < wanted) {
      const api = await servers.startApi()
      urls[slot] = api.url
      await Bun.sleep(load.random() * KILLED_WITHIN_MS)
      if (load.calls > 0) load.hits++
      urls[slot] = null
      await api.kill()
      run.progress(++load.kills, wanted, `${load.keys} keys, ${load.buyers.size} without a response`)
    }
  }
  await Promise.all([...urls.keys()].map(killInTurn))
}

/** One buyer fills a cart and retries one checkout until its response is final. A tenth of the buyers add by calls with keys. */
async function goShopping(load: Load, buyer: Person): Promise<void> {
  const { run, random, listings, servers } = load
  const first = Math.floor(random() * listings.length)
  const steps = [0, 7, 14].slice(0, 1 + Math.floor(random() * 3))
  const chosen = steps.map((step) => listings[(first + step) % listings.length] as Listing)
  if (random() < 0.9) await fillCarts(servers.sql, [buyer], chosen)
  else
    for (const listing of chosen) {
      const added = await persist(load, buyer, addToCart(listing.id, 1, `add-${listing.id}`, variantFor(buyer, listing)))
      if (added?.status !== 201) run.fail(`an add returned ${describe(added)}`)
    }
  load.keys++
  load.units += chosen.length
  const lot = random()
  const method = lot < 0.1 ? 'pm_card_chargeDeclined' : lot < 0.3 ? 'pm_card_slow' : 'pm_card_visa'
  const response = await persist(load, buyer, checkOut(`load-${buyer.id}`, method))
  const outcome = outcomeOf(response)
  load.outcomes.set(outcome, (load.outcomes.get(outcome) ?? 0) + 1)
  // The API returns 202 if the provider is too slow. Then the job settles the checkout, and the end of the scenario checks it.
  const allowed = method === 'pm_card_chargeDeclined' ? [402, 202] : [201, 202]
  if (!allowed.includes(response?.status ?? 0)) run.fail(`after all retries a checkout returned ${describe(response)}`)
}

/** Repeats a call at a random live process after a broken connection, a 5xx or "in progress". */
async function persist(load: Load, buyer: Person, call: Call): Promise<ApiResponse | null> {
  for (let wait_ms = FIRST_RETRY_MS; ; wait_ms = Math.min(wait_ms * 1.5, LAST_RETRY_MS)) {
    const alive = load.urls.filter((url) => url !== null)
    const url = alive[Math.floor(Math.random() * alive.length)]
    let response: ApiResponse | null = null
    if (url && load.calls < CALLS_AT_ONCE) {
      load.calls++
      response = await send(url, buyer, call).finally(() => load.calls--)
    }
    const is_final = response && response.status < 500 && response.code !== 'idempotency_in_progress'
    if (is_final || performance.now() > load.give_up_at) return response
    await Bun.sleep(wait_ms * (0.5 + Math.random() / 2))
  }
}

/** A buyer of a named step retries with the key. */
async function comeBack(load: Load, { buyer, call, step }: NamedKills['returning'][number]): Promise<void> {
  const response = await persist(load, buyer, call)
  if (response?.status !== 201 && response?.status !== 202)
    load.run.fail(`killed ${step}, the retry returned ${describe(response)}`)
}

/** A checkout. `key` is null if the job has given the checkout up, which frees its key. */
type CheckoutRow = {
  id: number
  buyer_id: number
  key: string | null
  status: string
  payment: string
  units: number
  charges: number
}

async function readCheckouts({ sql, provider }: Servers): Promise<CheckoutRow[]> {
  const { charges }: Counts = await provider.count()
  const rows = await sql<Omit<CheckoutRow, 'charges'>[]>`
    select c.id, c.buyer_id, c.idempotency_key as key, c.status, p.status as payment, sum(oi.quantity)::integer as units
    from checkouts c
    join payments p on p.checkout_id = c.id
    join orders o on o.checkout_id = c.id
    join order_items oi on oi.order_id = o.id
    group by c.id, p.id`
  return rows.map((row) => ({ ...row, charges: charges[row.id]?.count ?? 0 }))
}

/** A checkout that was given up is cancelled, and the provider has no charge for it. */
function checkFreedKeys(run: Run, rows: CheckoutRow[]): void {
  for (const { id, key, status, payment, charges } of rows)
    if (key === null && (status !== 'cancelled' || payment !== 'failed' || charges > 0))
      run.fail(`checkout ${id} has no key and is ${status}, its payment ${payment}, charged ${charges} times`)
}

/**
 * Each buyer has one key, one checkout under it, and one charge. A buyer that never came back can have only a checkout that was
 * given up. All units of all carts are ordered. The lines of a checkout that was given up return to the cart and the buyer orders
 * them again, so their units count once.
 */
function checkBuyers({ run, keys: load_keys, units: load_units }: Load, named: NamedKills, rows: CheckoutRow[]): void {
  const gone = new Set(named.gone.map(({ id }) => id))
  const by_buyer = Map.groupBy(rows, ({ buyer_id }) => buyer_id)
  for (const [buyer_id, own] of by_buyer) {
    const kept = own.filter(({ key }) => key !== null).length
    const charges = own.reduce((sum, row) => sum + row.charges, 0)
    const is_right = kept === 1 || (kept === 0 && gone.has(buyer_id))
    if (!is_right || charges !== kept) run.fail(`buyer ${buyer_id} has ${kept} checkouts of one key, charged ${charges} times`)
  }
  const named_keys = named.returning.length + named.gone.length
  const units = [...by_buyer.values()].reduce((sum, own) => sum + (own.at(-1)?.units ?? 0), 0)
  const wanted = load_units + UNITS_AT_NAMED_STEPS * named_keys
  if (by_buyer.size !== load_keys + named_keys)
    run.fail(`${load_keys + named_keys} keys left checkouts of ${by_buyer.size} buyers`)
  if (units !== wanted) run.fail(`carts had ${wanted} units, orders have ${units}`)
}
