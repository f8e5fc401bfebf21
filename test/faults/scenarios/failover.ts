import { migrate } from '../../../src/deploy/migrate.ts'
import { type FaultyNetwork, openFaultyNetwork } from '../../support/faulty_network.ts'
import { percentile } from '../../support/figures.ts'
import { makePeople } from '../../support/people.ts'
import { openPostgres15, type Postgres15 } from '../../support/stores/postgres_15.ts'
import { openStandby } from '../../support/stores/standby.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { findLostOrders, type Load, startLoad } from '../load/retrying_load.ts'
import { waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, startServers, stockShops } from '../servers/servers.ts'

const BUYERS = 8
const SETTLE_WITHIN_S = 90
/** The primary dies at a random moment within this time under load. */
const LIVES_MS = 3000
const SERVED_WITHIN_S = 30
/** The delay to the standby, one way. The death of the primary loses the WAL that the standby has not received. */
const DISTANCE_MS = 50

export const failover: Scenario = {
  name: 'failover',
  claim: 'With synchronous replication the primary dies during checkouts, its standby takes over, and no confirmed order is lost',
  needs: ['postgresql-15'],
  test: async (run) => `${await testSynchronous(run)}; ${await measureLoss(run)}`,
}

/** A primary with a standby, at an address that moves to the new primary, like a virtual address or a proxy's. */
type Pair = {
  run: Run
  servers: Servers
  network: FaultyNetwork
  load: Load
  is_synchronous: boolean
  primary: Postgres15
  standby: Postgres15
}

async function testSynchronous(run: Run): Promise<string> {
  const pair = await openPair(run, true)
  const { load, servers } = pair
  const kills = countFor(run, 20, 2)
  const away_s: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    const { served_s } = await failOver(pair)
    away_s.push(served_s)
    run.progress(kill + 1, kills, `${load.orders.length} orders confirmed`)
  }
  await load.end()
  const lost = await findLostOrders(servers.sql, load.orders)
  if (lost.length > 0) run.fail(`${lost.length} of ${load.orders.length} confirmed orders are lost`)
  await checkAtEnd(run, servers, SETTLE_WITHIN_S)
  const away = `served again after ${percentile(away_s, 0.5).toFixed(1)} s, at most ${Math.max(...away_s).toFixed(1)} s`
  return `synchronous: ${kills} primaries killed, ${load.orders.length} orders confirmed, ${lost.length} lost, ${away}`
}

/**
 * Measures the loss without synchronous replication: the standby can lack the last orders that buyers have a response for. The
 * loss is no violation, because an operator chooses asynchronous replication.
 */
async function measureLoss(run: Run): Promise<string> {
  const pair = await openPair(run, false)
  const { load, servers } = pair
  const kills = countFor(run, 10, 1)
  const lost = new Set<number>()
  let window_ms = 0
  for (let kill = 0; kill < kills; kill++) {
    const { died_ms } = await failOver(pair)
    const gone = await findLostOrders(servers.sql, load.orders)
    const by_this = gone.filter(({ id, at_ms }) => !lost.has(id) && at_ms <= died_ms)
    window_ms = Math.max(window_ms, ...by_this.map(({ at_ms }) => died_ms - at_ms))
    for (const { id } of gone) lost.add(id)
    run.progress(kill + 1, kills, `${lost.size} of ${load.orders.length} orders lost`)
  }
  await load.end()
  const oldest = `the oldest confirmed ${window_ms.toFixed(0)} ms before`
  return `asynchronous: ${kills} killed, ${lost.size} of ${load.orders.length} confirmed orders lost, ${oldest}`
}

async function openPair(run: Run, is_synchronous: boolean): Promise<Pair> {
  const primary = await openPostgres15()
  const network = await openFaultyNetwork(primary.url)
  // The teardown stops the servers that are primary and standby by then.
  const pair = { run, network, primary, standby: primary, is_synchronous }
  run.defer(async () => {
    await network.stop()
    await Promise.all([...new Set([pair.primary, pair.standby])].map((server) => server.stop()))
  })
  const own_url = primary.url.replace(/:\d+\//, `:${new URL(network.url).port}/`)
  await migrate(own_url)
  const servers = await startServers(run, 'none', { own_url })
  const listings = await stockShops(servers.sql, 4, Array(40).fill(100_000))
  const buyers = await makePeople(servers.sql, BUYERS)
  pair.standby = await addStandby(run, primary, is_synchronous)
  const api = await servers.startApi()
  const load = startLoad(api.url, buyers, [], listings)
  run.defer(load.end)
  return Object.assign(pair, { servers, load })
}

/**
 * Kills the primary at a random moment, promotes the standby and gives it its own standby. Returns the time of the death, and the
 * seconds until the next order.
 */
async function failOver(pair: Pair): Promise<{ died_ms: number; served_s: number }> {
  const { run, primary, standby, network, load, is_synchronous } = pair
  await Bun.sleep(Math.random() * LIVES_MS)
  await primary.crash()
  const died_ms = performance.now()
  await standby.promote()
  network.aim(standby.url)
  const aimed_ms = performance.now()
  await primary.stop()
  pair.primary = standby
  pair.standby = await addStandby(run, standby, is_synchronous)
  const findNext = () => load.orders.find(({ at_ms }) => at_ms > aimed_ms)
  await waitFor('a buyer can buy again after a primary died', () => findNext() !== undefined, SERVED_WITHIN_S)
  return { died_ms, served_s: ((findNext()?.at_ms ?? 0) - died_ms) / 1000 }
}

/** Adds the standby that takes over when this primary dies. */
async function addStandby(run: Run, primary: Postgres15, is_synchronous: boolean): Promise<Postgres15> {
  const { server, line } = await openStandby(primary, { distance_ms: DISTANCE_MS, is_synchronous })
  run.defer(line.stop)
  return server
}
