import { type ApiProcess, startApi } from '../../support/api_process.ts'
import { describeCounts } from '../../support/figures.ts'
import { type Listing, listItems, makePeople, openShops, type Person } from '../../support/people.ts'
import { findFreePort } from '../../support/simulated_payments.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { addToCart, type Call, checkOut } from '../load/calls.ts'
import { asRequest, openKeepAliveClient, type RawResponse } from '../load/keep_alive_client.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { openDatabase } from '../servers/servers.ts'

const REQUESTS_PER_S = 200
const CONNECTIONS = 40
/** The pause between two restarts, in which connections settle on both processes again. */
const CALM_MS = 1500
/** The system resets a connection that arrives between the last accept of a process and its end. A proxy retries it. */
const RESETS_OF_NEW_ALLOWED = 1 / 10_000

type Traffic = { counts: Map<string, number>; mutant: Map<string, number>; end: () => Promise<void> }

export const rollingRestart: Scenario = {
  name: 'rolling_restart',
  claim: 'Two processes on one port are restarted in turn under traffic, and no request on a kept connection fails',
  test: tryRollingRestart,
}

async function tryRollingRestart(run: Run): Promise<string> {
  const restarts = countFor(run, 20, 2)
  const { url: database_url, sql } = await openDatabase(run)
  const listings = await listItems(sql, await openShops(sql, 4), Array(40).fill(1_000_000))
  await recordStock(sql)
  const people = await makePeople(sql, CONNECTIONS)
  const variables = { DATABASE_URL: database_url, PORT: String(await findFreePort()), REUSE_PORT: 'true', DRAIN_MS: '1500' }
  const start = async (): Promise<ApiProcess> => {
    const api = await startApi(variables)
    run.defer(api.kill)
    return api
  }
  const running = [await start(), await start()]
  const traffic = startTraffic((running[0] as ApiProcess).url, people, listings)
  await Bun.sleep(CALM_MS)
  for (let restart = 0; restart < restarts; restart++) {
    await (running.shift() as ApiProcess).stop()
    running.push(await start())
    await Bun.sleep(CALM_MS)
    run.progress(restart + 1, restarts, describeCounts(traffic.counts))
  }
  await traffic.end()
  const sent = [...traffic.counts.values()].reduce((sum, count) => sum + count, 0)
  const [kept, fresh] = [traffic.mutant.get('kept') ?? 0, traffic.mutant.get('new') ?? 0]
  if (kept > 0) run.fail(`${kept} requests on kept connections were mutant off`)
  if (fresh > Math.max(1, sent * RESETS_OF_NEW_ALLOWED)) run.fail(`${fresh} new connections of ${sent} requests were reset`)
  for (const [status, count] of traffic.counts) if (Number(status) >= 400) run.fail(`${count} requests were answered ${status}`)
  for (const finding of await findWrongStock(sql)) run.fail(finding)
  const figures = `${restarts} restarts under ${REQUESTS_PER_S} requests/s on ${CONNECTIONS} kept connections`
  return `${figures}: ${sent} requests (${describeCounts(traffic.counts)}), ${kept} kept and ${fresh} new connections mutant`
}

/** Starts the connections. Each sends its share of the requests, independent of the others, until `end`. */
function startTraffic(url: string, people: Person[], listings: Listing[]): Traffic {
  const counts = new Map<string, number>()
  const mutant = new Map<string, number>()
  const every_ms = (1000 * CONNECTIONS) / REQUESTS_PER_S
  let is_over = false
  const count = (where: Map<string, number>, what: string) => where.set(what, (where.get(what) ?? 0) + 1)
  const lane = async (person: Person, place: number) => {
    const client = openKeepAliveClient(url)
    for (let turn = 0; !is_over; turn++) {
      const began = performance.now()
      const call = chooseCall(turn, place, listings)
      const send = (): Promise<RawResponse> => client.send(asRequest(call, person))
      let response = await send()
      if ('mutant' in response) {
        count(mutant, response.mutant)
        // A load balancer, too, retries a request on a new connection that has not received a byte of the response.
        if (response.mutant === 'new') response = await send()
      }
      if ('status' in response) count(counts, String(response.status))
      await Bun.sleep(Math.max(0, every_ms - (performance.now() - began)))
    }
    client.close()
  }
  const lanes = Promise.all(people.map(lane))
  return {
    counts,
    mutant,
    end: async () => {
      is_over = true
      await lanes
    },
  }
}

/** Of eight calls, six read, one adds to the cart and one checks out. */
function chooseCall(turn: number, place: number, listings: Listing[]): Call {
  const { id, shop_id } = listings[(turn * 7 + place) % listings.length] as Listing
  const reads = [`/v1/products/${id}`, '/v1/search?q=listing', `/v1/shops/${shop_id}`, '/v1/cart', '/v1/categories', '/v1/orders']
  if (turn % 8 === 6) return addToCart(id)
  if (turn % 8 === 7) return checkOut(`roll-${place}-${turn}`)
  return { method: 'GET', path: reads[turn % 8] ?? '/v1/cart' }
}
