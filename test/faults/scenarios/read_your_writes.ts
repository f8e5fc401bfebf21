import { migrate } from '../../../src/deploy/migrate.ts'
import { openFaultyNetwork } from '../../support/faulty_network.ts'
import { type Listing, listItems, makePeople, openShops, type Person, type Shop } from '../../support/people.ts'
import { requires } from '../../support/requirements.ts'
import { openPostgres15, type Postgres15 } from '../../support/stores/postgres_15.ts'
import { askPostgres15, openStandby } from '../../support/stores/standby.ts'
import { countReads } from '../checks/replica_reads.ts'
import { addToCart, checkOut, describe, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { hasRedis, type Servers, startServers } from '../servers/servers.ts'

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
const GIVE_UP_AFTER_MS = 30_000
/** The longest random pause between two faults, in which the replica serves reads. */
const CALM_MS = 6000
const STRANGER_EVERY_MS = 20

export const readYourWrites: Scenario = {
  name: 'read_your_writes',
  claim:
    'While a replica reads, is paused, restarted, cut off and promoted, everybody sees what they wrote, and nobody what ' +
    'is older than 2 s',
  test: async (run) => {
    if (!requires('postgresql-15')) {
      run.skip('everything about a replica (there is no server of our own)')
      return 'not tried'
    }
    return hasRedis(run, 'two processes that share a Redis') ? await tryReplica(run) : 'not tried'
  },
}

type Setup = {
  run: Run
  servers: Servers
  urls: string[]
  shops: Shop[]
  listings: Listing[]
  standby: Postgres15
  /** The fault of the network to the replica: `black_hole` cuts it off, `none` restores it. */
  away: (kind: 'black_hole' | 'none') => void
}

async function tryReplica(run: Run): Promise<string> {
  const setup = await setUp(run)
  const { urls } = setup
  const reading = readAndWrite(setup, countFor(run, 10_000))
  const watching = watchAsStranger(setup)
  run.defer(async () => void (await watching.end()))
  const before = await countReads(urls)
  const noticed: string[] = []
  const faults = faultsOf(setup)
  let is_read = false
  const read = reading.finally(() => {
    is_read = true
  })
  for (let round = 0; !is_read || round < faults.length; round++) {
    const fault = faults[round % faults.length] as Fault
    await untilReadByReplica(setup)
    if (!run.short) await Bun.sleep(Math.random() * CALM_MS)
    const took_ms = await injectFault(setup, fault)
    if (round < faults.length) noticed.push(`${fault.name} after ${took_ms.toFixed(0)} ms`)
  }
  const { tries, purchases, violations } = await read
  await untilReadByReplica(setup)
  noticed.push(`promoted after ${(await injectFault(setup, promotion)).toFixed(0)} ms`)
  const { looks, oldest_ms } = await watching.end()
  const after = await countReads(urls)
  if (violations.length > 0) run.fail(`${violations.length} of ${tries} times: ${violations[0]}`)
  if (oldest_ms > NOTICED_WITHIN_MS && !run.short) run.fail(`a stranger was shown a state ${oldest_ms.toFixed(0)} ms old`)
  const by_replica = after.replica - before.replica
  const all = by_replica + after.primary - before.primary
  return `${tries} writes, ${purchases} of them purchases, each read ${READS} times by its writer, ${violations.length} not seen; ${Math.round((100 * by_replica) / all)} % of ${all} reads by the replica; strangers saw at most ${oldest_ms.toFixed(0)} ms late in ${looks} looks; no longer read: ${noticed.join(', ')}`
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
  const read_database_url = standby.url.replace(/:\d+\//, `:${new URL(network.url).port}/`)
  const apis = await Promise.all(Array.from({ length: PROCESSES }, () => servers.startApi({ read_database_url })))
  const urls = apis.map(({ url }) => url)
  return { run, servers, urls, shops, listings, standby, away: (kind) => network.inject({ kind }) }
}

/** All people write and read, each call at a random process, until `tries` writes have begun. */
async function readAndWrite(setup: Setup, tries: number) {
  const people = await makePeople(setup.servers.sql, PEOPLE)
  const violations: string[] = []
  let begun = 0
  let purchases = 0
  const live = async (person: Person, place: number) => {
    for (let turn = 0; begun < tries; turn++) {
      begun++
      const is_purchase = turn % PURCHASE_EVERY === PURCHASE_EVERY - 1
      if (is_purchase) purchases++
      const finding = is_purchase ? await buyAndRead(setup, person, turn) : await likeAndRead(setup, person, turn + place)
      if (finding) violations.push(finding)
      if (begun % 100 === 0) setup.run.progress(begun, tries, `${violations.length} writes not seen`)
    }
  }
  await Promise.all(people.map(live))
  return { tries: begun, purchases, violations }
}

/** Adds or removes a favorite and checks the list of favorites. Returns the violation, or null. */
async function likeAndRead({ urls, listings }: Setup, person: Person, turn: number): Promise<string | null> {
  const { id } = listings[Math.floor(turn / 2) % listings.length] as Listing
  const is_liked = turn % 2 === 0
  const wrote = await send(anyOf(urls), person, { method: is_liked ? 'PUT' : 'DELETE', path: `/v1/favorites/product/${id}` })
  if (wrote?.status !== 204) return `a favorite was answered ${describe(wrote)}`
  return readOften<{ fav_id: number }>(urls, person, '/v1/favorites?limit=100', (items) =>
    items.some(({ fav_id }) => fav_id === id) === is_liked ? null : `a favorite was ${is_liked ? 'not seen' : 'still seen'}`,
  )
}

/** Reads a list READS times, each time at a random process. Returns the first violation, or null. */
async function readOften<T>(
  urls: string[],
  person: Person,
  path: string,
  check: (items: T[]) => string | null,
): Promise<string | null> {
  let finding: string | null = null
  for (let n = 0; n < READS && !finding; n++) {
    await Bun.sleep(Math.random() * READ_WITHIN_MS)
    const read = await send(anyOf(urls), person, { method: 'GET', path })
    finding =
      read?.status === 200 ? check((JSON.parse(read.text) as { items: T[] }).items) : `a list was answered ${describe(read)}`
  }
  return finding
}

/** Buys a listing and checks the list of orders. Returns the violation, or null. */
async function buyAndRead({ urls, listings }: Setup, person: Person, turn: number): Promise<string | null> {
  const { id } = listings[turn % listings.length] as Listing
  await send(anyOf(urls), person, addToCart(id))
  const bought = await send(anyOf(urls), person, checkOut(`buy-${person.id}-${turn}`))
  if (bought?.status !== 201) return `a purchase was answered ${describe(bought)}`
  const { orders } = JSON.parse(bought.text) as { orders: { id: number }[] }
  return readOften<{ id: number }>(urls, person, '/v1/orders?limit=1', ([newest]) =>
    newest?.id === orders[0]?.id ? null : 'an order was not seen',
  )
}

/** Starts a buyer that orders all the time and a seller that reads the orders, and measures how late the seller sees them. */
function watchAsStranger({ run, servers, urls, shops, listings }: Setup) {
  const { shop_id, seller } = shops[0] as Shop
  const product = listings.find((one) => one.shop_id === shop_id) as Listing
  const placed: { id: number; at_ms: number }[] = []
  let is_over = false
  let looks = 0
  let oldest_ms = 0
  const buy = async () => {
    const [buyer] = (await makePeople(servers.sql, 1)) as [Person]
    for (let turn = 0; !is_over; turn++) {
      await send(anyOf(urls), buyer, addToCart(product.id))
      const bought = await send(anyOf(urls), buyer, checkOut(`stranger-${turn}`))
      const at_ms = performance.now()
      if (bought?.status === 201) placed.push({ at_ms, id: JSON.parse(bought.text).orders[0].id })
      else run.fail(`a purchase was answered ${describe(bought)}`)
      await Bun.sleep(100)
    }
  }
  const look = async () => {
    while (!is_over) {
      const asked_at_ms = performance.now()
      const read = await send(anyOf(urls), seller, { method: 'GET', path: `/v1/shops/${shop_id}/orders?limit=100` })
      if (read?.status !== 200) run.fail(`a seller's orders were answered ${describe(read)}`)
      const { items } = JSON.parse(read?.text ?? '{"items":[]}') as { items: { id: number }[] }
      const newest = Math.max(0, ...items.map(({ id }) => id))
      const missed = placed.find(({ id, at_ms }) => id > newest && at_ms < asked_at_ms)
      if (missed) oldest_ms = Math.max(oldest_ms, asked_at_ms - missed.at_ms)
      looks++
      await Bun.sleep(STRANGER_EVERY_MS)
    }
  }
  const running = Promise.all([buy(), look()])
  const end = async () => {
    is_over = true
    await running
    return { looks, oldest_ms }
  }
  return { end }
}

/** A failure of the replica. `end` repairs it. */
type Fault = { name: string; begin: (setup: Setup) => unknown; end: (setup: Setup) => unknown }

const promotion: Fault = { name: 'promoted', begin: ({ standby }) => standby.promote(), end: () => {} }

function faultsOf({ run }: Setup): Fault[] {
  const paused: Fault = {
    name: 'paused',
    begin: ({ standby }) => askPostgres15(standby, 'select pg_wal_replay_pause()'),
    end: ({ standby }) => askPostgres15(standby, 'select pg_wal_replay_resume()'),
  }
  const killed: Fault = {
    name: 'killed',
    begin: ({ standby }) => standby.crash(),
    end: ({ standby }) => standby.start(),
  }
  const cut_off: Fault = {
    name: 'cut off',
    begin: ({ away }) => away('black_hole'),
    end: ({ away }) => away('none'),
  }
  return run.short ? [paused, killed] : [paused, killed, paused, cut_off]
}

/** Runs one fault until the replica has served no read for 500 ms. Returns the ms in which it still served reads. */
async function injectFault(setup: Setup, { name, begin, end }: Fault): Promise<number> {
  const began_ms = performance.now()
  await begin(setup)
  let last = await countReads(setup.urls)
  let last_ms = performance.now()
  // The load of the scenario reads all the time, so 500 ms without a read by the replica mean that the API no longer reads it.
  while (performance.now() - last_ms < 500) {
    const now = await countReads(setup.urls)
    if (now.replica > last.replica) last_ms = performance.now()
    last = now
    if (performance.now() - began_ms > GIVE_UP_AFTER_MS) throw new Error(`a replica that was ${name} is read`)
    await Bun.sleep(20)
  }
  const noticed_ms = Math.max(0, last_ms - began_ms)
  if (noticed_ms > NOTICED_WITHIN_MS && !setup.run.short)
    setup.run.fail(`a replica that was ${name} was read for ${noticed_ms.toFixed(0)} ms`)
  await end(setup)
  return noticed_ms
}

async function untilReadByReplica({ urls }: Setup): Promise<void> {
  const began_ms = performance.now()
  const before = await countReads(urls)
  while ((await countReads(urls)).replica === before.replica) {
    if (performance.now() - began_ms > GIVE_UP_AFTER_MS) throw new Error('nothing is read by the replica')
    await Bun.sleep(50)
  }
}

function anyOf(urls: string[]): string {
  return urls[Math.floor(Math.random() * urls.length)] as string
}
