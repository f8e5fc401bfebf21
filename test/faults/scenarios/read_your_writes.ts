import { migrate } from '../../../src/deploy/migrate.ts'
import { openFaultyNetwork } from '../../support/faulty_network.ts'
import { type Listing, listItems, makePeople, openShops, type Person, type Shop } from '../../support/people.ts'
import { openPostgres15, type Postgres15 } from '../../support/stores/postgres_15.ts'
import { askPostgres15, openStandby } from '../../support/stores/standby.ts'
import { countReads } from '../checks/replica_reads.ts'
import { addToCart, type Call, checkOut, describe, send } from '../load/calls.ts'
import { startLoops, waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, startServers } from '../servers/servers.ts'

const PROCESSES = 2
const PEOPLE = 24
/** The number of reads of each write by its writer. */
const READS = 3
/** The longest time from a write or read to the next read, so that reads come both before and after the replica has the write. */
const READ_WITHIN_MS = 200
/** One of this number of writes is a purchase. */
const PURCHASE_EVERY = 10
/** The greatest age of a state in a read. The API must also stop reading a lost replica within this time. */
const NOTICED_WITHIN_MS = 2000
const GIVE_UP_AFTER_S = 30
/** The longest random pause between two faults, in which the replica serves reads. */
const CALM_MS = 6000
const STRANGER_EVERY_MS = 20

export const readYourWrites: Scenario = {
  name: 'read_your_writes',
  claim:
    'While a replica reads, pauses, restarts, is cut off and promoted, users see their own writes, and no state older than 2 s',
  needs: ['postgresql-15', 'redis-server'],
  test: testReplica,
}

type Setup = {
  run: Run
  servers: Servers
  urls: string[]
  shops: Shop[]
  listings: Listing[]
  standby: Postgres15
  /** Cuts the replica off, or reconnects it. */
  cutOff: (is_cut_off: boolean) => void
}

async function testReplica(run: Run): Promise<string> {
  const setup = await setUp(run)
  const { urls } = setup
  const reading = readAndWrite(setup, countFor(run, 10_000))
  const endWatch = watchAsStranger(setup)
  run.defer(async () => void (await endWatch()))
  const before = await countReads(urls)
  const noticed: string[] = []
  const faults = run.short ? [paused, killed] : [paused, killed, paused, cut_off]
  let is_read = false
  const read = reading.finally(() => {
    is_read = true
  })
  for (let round = 0; !is_read || round < faults.length; round++) {
    const fault = faults[round % faults.length] as Fault
    await untilReadByReplica(urls)
    if (!run.short) await Bun.sleep(Math.random() * CALM_MS)
    const took = await injectFault(setup, fault)
    if (round < faults.length) noticed.push(took)
  }
  const { writes, purchases, violations } = await read
  await untilReadByReplica(urls)
  noticed.push(await injectFault(setup, promoted))
  const { looks, oldest_ms } = await endWatch()
  const after = await countReads(urls)
  if (violations.length > 0) run.fail(`${violations.length} of ${writes} times: ${violations[0]}`)
  if (oldest_ms > NOTICED_WITHIN_MS && !run.short) run.fail(`another user saw a state ${oldest_ms.toFixed(0)} ms old`)
  const by_replica = after.replica - before.replica
  const all = by_replica + after.primary - before.primary
  return [
    `${writes} writes, ${purchases} of them purchases, each read ${READS} times by its writer, ${violations.length} not seen`,
    `${Math.round((100 * by_replica) / all)} % of ${all} reads by the replica`,
    `other users saw at most ${oldest_ms.toFixed(0)} ms late in ${looks} looks`,
    `no longer read: ${noticed.join(', ')}`,
  ].join('; ')
}

/** Starts a primary with a replica, and processes that read the replica through a network that can fail. */
async function setUp(run: Run): Promise<Setup> {
  const primary = await openPostgres15()
  run.defer(primary.stop)
  await migrate(primary.url)
  const servers = await startServers(run, 'redis', { own_url: primary.url })
  const shops = await openShops(servers.sql, 2)
  const listings = await listItems(servers.sql, shops, Array(60).fill(1_000_000))
  const { server: standby, line } = await openStandby(primary)
  run.defer(standby.stop)
  run.defer(line.stop)
  const network = await openFaultyNetwork(standby.url)
  run.defer(network.stop)
  const READ_DATABASE_URL = standby.url.replace(/:\d+\//, `:${new URL(network.url).port}/`)
  const apis = await Promise.all(Array.from({ length: PROCESSES }, () => servers.startApi({ READ_DATABASE_URL })))
  const cutOff = (is_cut_off: boolean) => network.inject({ kind: is_cut_off ? 'black_hole' : 'none' })
  return { run, servers, urls: apis.map(({ url }) => url), shops, listings, standby, cutOff }
}

/** Sends a call to a random process. */
const sendToAny = ({ urls }: Setup, person: Person, call: Call) =>
  send(urls[Math.floor(Math.random() * urls.length)] as string, person, call)

/** All people write and read, each call at a random process, until `count` writes have begun. */
async function readAndWrite(setup: Setup, count: number) {
  const people = await makePeople(setup.servers.sql, PEOPLE)
  const violations: string[] = []
  let [writes, purchases] = [0, 0]
  const work = async (person: Person, place: number) => {
    for (let turn = 0; writes < count; turn++) {
      writes++
      const is_purchase = turn % PURCHASE_EVERY === PURCHASE_EVERY - 1
      if (is_purchase) purchases++
      const finding = is_purchase ? await buyAndRead(setup, person, turn) : await likeAndRead(setup, person, turn + place)
      if (finding) violations.push(finding)
      if (writes % 100 === 0) setup.run.progress(writes, count, `${violations.length} writes not seen`)
    }
  }
  await Promise.all(people.map(work))
  return { writes, purchases, violations }
}

/** Adds or removes a favorite and checks the list of favorites. Returns the violation, or null. */
async function likeAndRead(setup: Setup, person: Person, turn: number): Promise<string | null> {
  const { id } = setup.listings[Math.floor(turn / 2) % setup.listings.length] as Listing
  const is_liked = turn % 2 === 0
  const call = { method: is_liked ? 'PUT' : 'DELETE', path: `/v1/favorites/product/${id}` }
  const wrote = await sendToAny(setup, person, call)
  if (wrote?.status !== 204) return `a change of a favorite returned ${describe(wrote)}`
  return readOften<{ fav_id: number }>(setup, person, '/v1/favorites?limit=100', (items) =>
    items.some(({ fav_id }) => fav_id === id) === is_liked ? null : `a favorite was ${is_liked ? 'not seen' : 'still seen'}`,
  )
}

/** Buys a listing and checks the list of orders. Returns the violation, or null. */
async function buyAndRead(setup: Setup, person: Person, turn: number): Promise<string | null> {
  const order_id = await buy(setup, person, setup.listings[turn % setup.listings.length] as Listing, `buy-${turn}`)
  if (typeof order_id === 'string') return order_id
  return readOften<{ id: number }>(setup, person, '/v1/orders?limit=1', ([newest]) =>
    newest?.id === order_id ? null : 'an order was not seen',
  )
}

/** Returns the id of the order, or the violation. */
async function buy(setup: Setup, person: Person, { id }: Listing, key: string): Promise<number | string> {
  await sendToAny(setup, person, addToCart(id))
  const bought = await sendToAny(setup, person, checkOut(key))
  if (bought?.status !== 201) return `a purchase returned ${describe(bought)}`
  return (JSON.parse(bought.text) as { orders: [{ id: number }] }).orders[0].id
}

/** Reads a list READS times, each time at a random process. Returns the first violation, or null. */
async function readOften<T>(
  setup: Setup,
  person: Person,
  path: string,
  check: (items: T[]) => string | null,
): Promise<string | null> {
  for (let n = 0; n < READS; n++) {
    await Bun.sleep(Math.random() * READ_WITHIN_MS)
    const read = await sendToAny(setup, person, { method: 'GET', path })
    if (read?.status !== 200) return `a list returned ${describe(read)}`
    const finding = check((JSON.parse(read.text) as { items: T[] }).items)
    if (finding) return finding
  }
  return null
}

/**
 * Starts a buyer that orders all the time and a seller that reads the orders, and measures how late the seller sees them. The
 * returned function ends both.
 */
function watchAsStranger(setup: Setup): () => Promise<{ looks: number; oldest_ms: number }> {
  const { run, servers, shops, listings } = setup
  const { shop_id, seller } = shops[0] as Shop
  const listing = listings.find((one) => one.shop_id === shop_id) as Listing
  const buyers = makePeople(servers.sql, 1) as Promise<[Person]>
  const placed: { id: number; at_ms: number }[] = []
  let [looks, oldest_ms] = [0, 0]
  const buyAgain = async (turn: number) => {
    const order_id = await buy(setup, (await buyers)[0], listing, `stranger-${turn}`)
    if (typeof order_id === 'string') run.fail(order_id)
    else placed.push({ id: order_id, at_ms: performance.now() })
    await Bun.sleep(100)
  }
  const look = async () => {
    const began_ms = performance.now()
    const read = await sendToAny(setup, seller, { method: 'GET', path: `/v1/shops/${shop_id}/orders?limit=100` })
    if (read?.status !== 200) run.fail(`a seller's orders returned ${describe(read)}`)
    const { items } = JSON.parse(read?.text ?? '{"items":[]}') as { items?: { id: number }[] }
    const newest = Math.max(0, ...(items ?? []).map(({ id }) => id))
    const missed = placed.find(({ id, at_ms }) => id > newest && at_ms < began_ms)
    if (missed) oldest_ms = Math.max(oldest_ms, began_ms - missed.at_ms)
    looks++
    await Bun.sleep(STRANGER_EVERY_MS)
  }
  const end = startLoops([buyAgain, look])
  return async () => {
    await end()
    return { looks, oldest_ms }
  }
}

/** A failure of the replica. `repair` ends it. */
type Fault = { name: string; inject: (setup: Setup) => unknown; repair: (setup: Setup) => unknown }

const paused: Fault = {
  name: 'paused',
  inject: ({ standby }) => askPostgres15(standby, 'select pg_wal_replay_pause()'),
  repair: ({ standby }) => askPostgres15(standby, 'select pg_wal_replay_resume()'),
}
const killed: Fault = {
  name: 'killed',
  inject: ({ standby }) => standby.crash(),
  repair: ({ standby }) => standby.start(),
}
const cut_off: Fault = { name: 'cut off', inject: ({ cutOff }) => cutOff(true), repair: ({ cutOff }) => cutOff(false) }
const promoted: Fault = { name: 'promoted', inject: ({ standby }) => standby.promote(), repair: () => {} }

/** Runs one fault until the replica has served no read for 500 ms. Returns how long it still served reads, in words. */
async function injectFault(setup: Setup, { name, inject, repair }: Fault): Promise<string> {
  const began_ms = performance.now()
  await inject(setup)
  let last = await countReads(setup.urls)
  let last_ms = performance.now()
  // The load of the scenario reads all the time, so 500 ms without a read by the replica mean that the API no longer reads it.
  const isUnread = async () => {
    const now = await countReads(setup.urls)
    if (now.replica > last.replica) last_ms = performance.now()
    last = now
    return performance.now() - last_ms >= 500
  }
  await waitFor(`no process reads a replica that was ${name}`, isUnread, GIVE_UP_AFTER_S)
  const noticed_ms = Math.max(0, last_ms - began_ms)
  if (noticed_ms > NOTICED_WITHIN_MS && !setup.run.short)
    setup.run.fail(`a replica that was ${name} was read for ${noticed_ms.toFixed(0)} ms`)
  await repair(setup)
  return `${name} after ${noticed_ms.toFixed(0)} ms`
}

async function untilReadByReplica(urls: string[]): Promise<void> {
  const before = await countReads(urls)
  const isRead = async () => (await countReads(urls)).replica > before.replica
  await waitFor('a process reads the replica', isRead, GIVE_UP_AFTER_S)
}
