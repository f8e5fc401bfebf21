import { migrate } from '../../../src/deploy/migrate.ts'
import { type FaultyNetwork, openFaultyNetwork } from '../../support/faulty_network.ts'
import { percentile } from '../../support/figures.ts'
import { listItems, makePeople, openShops } from '../../support/people.ts'
import { requires } from '../../support/requirements.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { openPostgres15, type Postgres15 } from '../../support/stores/postgres_15.ts'
import { openStandby } from '../../support/stores/standby.ts'
import { countWrongTrails, failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { findLostOrders, type Load, startLoad } from '../load/retrying_load.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, startServers } from '../servers/servers.ts'

const BUYERS = 8
const SETTLE_WITHIN_S = 90
/** The primary dies at a random moment within this time under load. */
const LIVES_MS = 3000
const SERVED_WITHIN_S = 30
/** The delay to the standby, one way. The death of the primary loses the WAL that the standby has not received. */
const DISTANCE_MS = 50

export const failover: Scenario = {
  name: 'failover',
  claim:
    'With synchronous replication the primary dies under checkouts, its standby takes over, and no order that was ' +
    'answered is lost',
  test: async (run) => {
    if (requires('postgresql-15')) return `${await trySynchronous(run)}; ${await measureLoss(run)}`
    run.skip('everything about a primary that dies (there is no server of our own)')
    return 'not tried'
  },
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

async function trySynchronous(run: Run): Promise<string> {
  const pair = await openPair(run, { is_synchronous: true })
  const kills = countFor(run, 20, 2)
  const away_s: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    await Bun.sleep(Math.random() * LIVES_MS)
    const { served_s } = await failOver(pair)
    away_s.push(served_s)
    run.progress(kill + 1, kills, `${pair.load.orders.length} orders answered`)
  }
  const { load, servers } = pair
  await load.end()
  const lost = await findLostOrders(servers.sql, load.orders)
  if (lost.length > 0) run.fail(`${lost.length} of ${load.orders.length} orders that were answered are lost`)
  await untilSettled(run, servers.sql, SETTLE_WITHIN_S)
  failAll(run, await findWrongStock(servers.sql))
  failAll(run, await findWrongMoney(servers.sql, await servers.provider.count()))
  const wrong = await countWrongTrails(servers.sql)
  if (wrong > 0) run.fail(`${wrong} orders differ from their events`)
  const away = `served again after ${percentile(away_s, 0.5).toFixed(1)} s, at most ${Math.max(...away_s).toFixed(1)} s`
  return `synchronous: ${kills} primaries killed, ${load.orders.length} orders answered, ${lost.length} lost, ${away}`
}

/**
 * Measures the loss without synchronous replication: the standby can lack the last orders that buyers have a response for. The
 * loss is no contradiction, because an operator chooses asynchronous replication.
 */
async function measureLoss(run: Run): Promise<string> {
  const pair = await openPair(run, { is_synchronous: false })
  const kills = countFor(run, 10, 1)
  const lost = new Set<number>()
  let window_ms = 0
  for (let kill = 0; kill < kills; kill++) {
    await Bun.sleep(Math.random() * LIVES_MS)
    const { died_ms } = await failOver(pair)
    const gone = await findLostOrders(pair.servers.sql, pair.load.orders)
    const by_this = gone.filter(({ id, at_ms }) => !lost.has(id) && at_ms <= died_ms)
    window_ms = Math.max(window_ms, ...by_this.map(({ at_ms }) => died_ms - at_ms))
    for (const { id } of gone) lost.add(id)
    run.progress(kill + 1, kills, `${lost.size} of ${pair.load.orders.length} orders lost`)
  }
  await pair.load.end()
  return `asynchronous: ${kills} killed, ${lost.size} of ${pair.load.orders.length} answered orders lost, the oldest answered ${window_ms.toFixed(0)} ms before`
}

async function openPair(run: Run, { is_synchronous }: { is_synchronous: boolean }): Promise<Pair> {
  const primary = await openPostgres15()
  const network = await openFaultyNetwork(primary.url)
  // The teardown stops the servers that are primary and standby by then.
  const running = { primary, standby: primary, is_synchronous }
  run.defer(async () => {
    await network.stop()
    await Promise.all([...new Set([running.primary, running.standby])].map((server) => server.stop()))
  })
  const own_url = primary.url.replace(/:\d+\//, `:${new URL(network.url).port}/`)
  await migrate(own_url)
  const servers = await startServers(run, 'none', { own_url })
  const listings = await listItems(servers.sql, await openShops(servers.sql, 4), Array(40).fill(100_000))
  await recordStock(servers.sql)
  const buyers = await makePeople(servers.sql, BUYERS)
  running.standby = await addStandby(run, primary, is_synchronous)
  const api = await servers.startApi()
  const load = startLoad(api.url, buyers, [], listings)
  run.defer(load.end)
  return Object.assign(running, { run, servers, network, load })
}

/**
 * Kills the primary, promotes the standby and gives it its own standby. Returns the time of the death, and the seconds until the
 * next order.
 */
async function failOver(pair: Pair): Promise<{ died_ms: number; served_s: number }> {
  const { primary, standby, network, load } = pair
  await primary.crash()
  const died_ms = performance.now()
  await standby.promote()
  network.aim(standby.url)
  const aimed_ms = performance.now()
  await primary.stop()
  pair.primary = standby
  pair.standby = await addStandby(pair.run, standby, pair.is_synchronous)
  while (!load.orders.some(({ at_ms }) => at_ms > aimed_ms)) {
    if (performance.now() - died_ms > SERVED_WITHIN_S * 1000) {
      pair.run.fail(`${SERVED_WITHIN_S} s after a primary died nobody could buy`)
      break
    }
    await Bun.sleep(50)
  }
  const first = load.orders.find(({ at_ms }) => at_ms > aimed_ms)
  return { died_ms, served_s: ((first?.at_ms ?? performance.now()) - died_ms) / 1000 }
}

/** Adds the standby that takes over when this primary dies. */
async function addStandby(run: Run, primary: Postgres15, is_synchronous: boolean): Promise<Postgres15> {
  const { server, line } = await openStandby(primary, { distance_ms: DISTANCE_MS, is_synchronous })
  run.defer(line.stop)
  return server
}
