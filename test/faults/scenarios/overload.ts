import { connect } from 'node:net'
import type { Pool } from '../../../src/platform/db/client.ts'
import { type ApiProcess, startApi } from '../../support/api_process.ts'
import { countEach, describeCounts } from '../../support/figures.ts'
import { type Listing, makePeople, type Person } from '../../support/people.ts'
import { findWrongStock } from '../../support/stock.ts'
import { failAll } from '../checks/invariants.ts'
import { runLoad, statusOf, type Timed, time } from '../load/callers.ts'
import { addToCart, type Call } from '../load/calls.ts'
import { asRequest, openKeepAliveClient } from '../load/keep_alive_client.ts'
import { startLoops, waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { holdLock } from '../servers/hold_lock.ts'
import { openDatabase, stockShops } from '../servers/servers.ts'

/** More callers than the 10 connections of the pool. A caller keeps its connection while it waits for a locked row. */
const HOLDERS = 12
const EXCESS = 200
const EXCESS_WITHIN_MS = 600
const SLOW_CLIENTS = 500
/** The numbers of callers that saturate the process. The overload has ten times the most of them, and ten times the best rate. */
const SATURATING = [8, 16, 32]
const TIMES = 10
const GOODPUT_LEFT = 0.7

type Setup = { run: Run; api: ApiProcess; database_url: string; sql: Pool; people: Person[]; listings: Listing[] }

export const overload: Scenario = {
  name: 'overload',
  claim:
    'With its pool exhausted, with slow clients or ten times its load, a process serves probes, sheds load early and goes on',
  test: async (run) => {
    const { url: database_url, sql } = await openDatabase(run)
    const listings = await stockShops(sql, 8, Array(200).fill(1_000_000))
    const people = await makePeople(sql, Math.max(...SATURATING) * TIMES)
    const api = await startApi({ DATABASE_URL: database_url })
    run.defer(api.kill)
    const setup = { run, api, database_url, sql, people, listings }
    const figures = [await exhaustPool(setup), await attackWithSlowClients(setup), await overloadWithCallers(setup)]
    failAll(run, await findWrongStock(sql))
    return figures.join('; ')
  },
}

/** A locked row makes every connection of the API wait. The API must reject other calls early, but not probes. */
async function exhaustPool({ run, api, database_url, people, listings }: Setup): Promise<string> {
  const { id } = listings[0] as Listing
  const get = (path: string, person?: Person) => sendOnce(api.url, { method: 'GET', path }, person)
  const holders = people.slice(0, HOLDERS)
  // The API has read their sessions before the lock, so that the calls wait for the row and not for the sign-in.
  for (const person of holders) await get('/v1/cart', person)
  const release = await holdLock(database_url, (tx) => tx`select from products where id = ${id} for update`)
  const waiting = holders.map((person) => sendOnce(api.url, addToCart(id), person))
  await waitFor('the pool is exhausted', async () => {
    const { response } = await get('/metrics')
    return 'text' in response && /^db_pool_connections_in_use\{pool="api"\} 10$/m.test(response.text)
  })
  const excess = people.slice(HOLDERS, HOLDERS + EXCESS).map((person) => get('/v1/orders', person))
  for (const { response } of await Promise.all(['/livez', '/readyz', '/metrics'].map((path) => get(path))))
    if (statusOf(response) !== '200') run.fail(`with the pool exhausted a probe returned ${statusOf(response)}`)
  const rejected = await Promise.all(excess)
  const slowest_ms = Math.max(...rejected.map(({ took_ms }) => took_ms))
  expectOnly(run, countEach(rejected.map(({ response }) => statusOf(response))), ['503'], 'excess calls with the pool exhausted')
  // The limit is for the full form on an otherwise idle machine. The short form runs beside other programs.
  if (!run.short && slowest_ms > EXCESS_WITHIN_MS)
    run.fail(`the last of ${EXCESS} excess calls was rejected after ${slowest_ms.toFixed(0)} ms`)
  await release()
  await Promise.all(waiting)
  const { response } = await get('/v1/orders', people[0])
  if (statusOf(response) !== '200') run.fail(`after the lock a call returned ${statusOf(response)}`)
  return `pool exhausted: ${EXCESS} excess calls rejected within ${slowest_ms.toFixed(0)} ms, probes served`
}

/** Opens sockets that send nothing, or a part of a head or of a body, and then a byte every 2 s. */
async function attackWithSlowClients({ run, api, people, listings }: Setup): Promise<string> {
  const { hostname, port } = new URL(api.url)
  const load = { url: api.url, listings, callers: people.slice(0, 8) }
  const calm = await runLoad({ ...load, duration_ms: 2000 })
  const head = `POST /v1/checkout HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${people[0]?.token}\r\n`
  const heads = ['', 'GET /v1/categories HT', `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`]
  let closed = 0
  const sockets = Array.from({ length: SLOW_CLIENTS }, (_, index) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {}).on('close', () => closed++)
    socket.write(heads[index % heads.length] ?? '')
    return socket
  })
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(' ')
  }, 2000)
  const attacked = await runLoad({ ...load, duration_ms: countFor(run, 20_000, 4000) })
  clearInterval(drip)
  for (const socket of sockets) socket.destroy()
  expectOnly(run, attacked.statuses, ['200', '201'], 'calls beside slow clients')
  const rates = `${attacked.goodput.toFixed(0)} calls/s instead of ${calm.goodput.toFixed(0)}`
  if (!run.short && attacked.goodput < calm.goodput * GOODPUT_LEFT) run.fail(`beside ${SLOW_CLIENTS} slow clients: ${rates}`)
  return `${SLOW_CLIENTS} slow clients, ${closed} of them closed: ${rates}`
}

/** Finds the best goodput of the SATURATING callers, then calls with ten times the most callers at ten times that rate. */
async function overloadWithCallers({ run, api, people, listings }: Setup): Promise<string> {
  const load = { url: api.url, listings, duration_ms: countFor(run, 10_000, 3000) }
  let peak = 0
  for (const callers of SATURATING) {
    const { goodput } = await runLoad({ ...load, callers: people.slice(0, callers) })
    peak = Math.max(peak, goodput)
    run.progress(callers, Math.max(...SATURATING) * TIMES, `${goodput.toFixed(0)} calls/s`)
  }
  let slowest_probe_ms = 0
  const client = openKeepAliveClient(api.url)
  const probe = async () => {
    const { response, took_ms } = await time(() => client.send({ method: 'GET', path: '/readyz' }))
    slowest_probe_ms = Math.max(slowest_probe_ms, took_ms)
    if (statusOf(response) !== '200') run.fail(`under load /readyz returned ${statusOf(response)}`)
    await Bun.sleep(50)
  }
  const endProbes = startLoops([probe])
  const every_ms = (people.length * 1000) / (peak * TIMES)
  const { goodput, statuses } = await runLoad({ ...load, callers: people, every_ms })
  await endProbes()
  client.close()
  if (run.short ? goodput === 0 : goodput < peak * GOODPUT_LEFT)
    run.fail(`at ${TIMES} times the load the process served ${goodput.toFixed(0)} calls/s instead of ${peak.toFixed(0)}`)
  // 409 is cart_empty: the API rejected the add before the checkout.
  expectOnly(run, statuses, ['200', '201', '409', '503'], 'calls under load')
  const share = `${goodput.toFixed(0)} calls/s, ${((goodput / peak) * 100).toFixed(0)} % of the best`
  return `${people.length} callers: ${share} (${describeCounts(statuses)}), the slowest probe ${slowest_probe_ms.toFixed(0)} ms`
}

function expectOnly(run: Run, statuses: Map<string, number>, allowed: string[], what: string): void {
  for (const [status, count] of statuses) if (!allowed.includes(status)) run.fail(`${count} ${what} returned ${status}`)
}

async function sendOnce(url: string, call: Call, person?: Person): Promise<Timed> {
  const client = openKeepAliveClient(url)
  const timed = await time(() => client.send(asRequest(call, person)))
  client.close()
  return timed
}
