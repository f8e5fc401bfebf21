import { connect, type Socket } from 'node:net'
import { type ApiProcess, startApi } from '../../support/api_process.ts'
import { countEach, describeCounts } from '../../support/figures.ts'
import { type Listing, listItems, makePeople, openShops, type Person } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { runLoad, statusOf, type Timed, time } from '../load/callers.ts'
import { addToCart, type Call } from '../load/calls.ts'
import { asRequest, openKeepAliveClient, type RawResponse } from '../load/keep_alive_client.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { openDatabase } from '../servers/servers.ts'

/** More callers than the 10 connections of the pool. A caller keeps its connection while it waits for a locked row. */
const HOLDERS = 12
const EXCESS = 200
const EXCESS_WITHIN_MS = 600
const SLOW_CLIENTS = 500
/** The numbers of callers that saturate the process. The overload has ten times the most of them, and ten times the best rate. */
const SATURATING = [8, 16, 32]
const TIMES = 10
const GOODPUT_LEFT = 0.7

type Setup = {
  run: Run
  api: ApiProcess
  sql: Awaited<ReturnType<typeof openDatabase>>['sql']
  people: Person[]
  listings: Listing[]
}

export const overload: Scenario = {
  name: 'overload',
  claim:
    'With its pool exhausted, beset by slow clients or by ten times its load, a process answers probes, refuses early and ' +
    'works on',
  test: async (run) => {
    const { url, sql } = await openDatabase(run)
    const listings = await listItems(sql, await openShops(sql, 8), Array(200).fill(1_000_000))
    await recordStock(sql)
    const people = await makePeople(sql, Math.max(...SATURATING) * TIMES)
    const api = await startApi({ DATABASE_URL: url })
    run.defer(api.kill)
    const setup = { run, api, sql, people, listings }
    const figures = [await exhaustPool(setup), await attackWithSlowClients(setup), await pileOn(setup)]
    for (const finding of await findWrongStock(sql)) run.fail(finding)
    return figures.join('; ')
  },
}

/** The scenario locks a row, so every connection of the API waits for it. The API must reject other calls early, but not probes. */
async function exhaustPool({ run, api, sql, people, listings }: Setup): Promise<string> {
  const wanted = listings[0] as Listing
  // The API has read their sessions before the lock, so that the calls wait for the row and not for the sign-in.
  for (const person of people.slice(0, HOLDERS)) await sendOnce(api.url, { method: 'GET', path: '/v1/cart' }, person)
  const held = Promise.withResolvers<void>()
  const { promise: over, resolve: letGo } = Promise.withResolvers<void>()
  const holding = sql.begin(async (tx) => {
    await tx`select from products where id = ${wanted.id} for update`
    held.resolve()
    await over
  })
  await held.promise
  const holders = people.slice(0, HOLDERS).map((person) => sendOnce(api.url, addToCart(wanted.id), person))
  const busy = async () => (await sendOnce(api.url, { method: 'GET', path: '/metrics' })).response
  while (!/^db_pool_connections_in_use\{pool="api"\} 10$/m.test(textOf(await busy()))) await Bun.sleep(5)
  const excess = people
    .slice(HOLDERS, HOLDERS + EXCESS)
    .map((person) => sendOnce(api.url, { method: 'GET', path: '/v1/orders' }, person))
  const probes = await Promise.all(['/livez', '/readyz', '/metrics'].map((path) => sendOnce(api.url, { method: 'GET', path })))
  for (const { response } of probes)
    if (statusOf(response) !== '200') run.fail(`with the pool exhausted a probe is answered ${statusOf(response)}`)
  const refused = await Promise.all(excess)
  const slowest_ms = Math.max(...refused.map(({ took_ms }) => took_ms))
  for (const [status, count] of countEach(refused.map(({ response }) => statusOf(response))))
    if (status !== '503') run.fail(`with the pool exhausted ${count} excess calls are answered ${status}`)
  // The limit is for the full form on an otherwise idle machine. The short form runs beside other programs.
  if (!run.short && slowest_ms > EXCESS_WITHIN_MS)
    run.fail(`the last of ${EXCESS} excess calls was refused after ${slowest_ms.toFixed(0)} ms`)
  letGo()
  await holding
  await Promise.all(holders)
  const { response } = await sendOnce(api.url, { method: 'GET', path: '/v1/orders' }, people[0])
  if (statusOf(response) !== '200') run.fail(`after the jam a call is answered ${statusOf(response)}`)
  return `pool exhausted: ${EXCESS} excess calls refused within ${slowest_ms.toFixed(0)} ms, probes answered`
}

/** Opens sockets that send nothing, or a part of a head or of a body, and then a byte every 2 s. */
async function attackWithSlowClients({ run, api, people, listings }: Setup): Promise<string> {
  const { hostname, port } = new URL(api.url)
  const calls = { url: api.url, listings }
  const calm = await runLoad({ ...calls, callers: people.slice(0, 8), duration_ms: 2000 })
  const token = people[0]?.token
  const heads = [
    '',
    'GET /v1/categories HT',
    `POST /v1/checkout HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
  ]
  const sockets: Socket[] = []
  let closed = 0
  for (let index = 0; index < SLOW_CLIENTS; index++) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {}).on('close', () => closed++)
    socket.write(heads[index % heads.length] ?? '')
    sockets.push(socket)
  }
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(' ')
  }, 2000)
  const beset = await runLoad({
    ...calls,
    callers: people.slice(0, 8),
    duration_ms: countFor(run, 20_000, 4000),
  })
  clearInterval(drip)
  for (const socket of sockets) socket.destroy()
  for (const [status, count] of beset.statuses)
    if (status !== '200' && status !== '201') run.fail(`beset by slow clients ${count} calls are answered ${status}`)
  if (!run.short && beset.goodput < calm.goodput * GOODPUT_LEFT)
    run.fail(
      `beset by ${SLOW_CLIENTS} slow clients ${beset.goodput.toFixed(0)} calls/s are answered instead of ${calm.goodput.toFixed(0)}`,
    )
  return `${SLOW_CLIENTS} slow clients, ${closed} of them closed: ${beset.goodput.toFixed(0)} calls/s instead of ${calm.goodput.toFixed(0)}`
}

/** Finds the best goodput of the SATURATING callers, then calls with ten times the most callers at ten times that rate. */
async function pileOn({ run, api, people, listings }: Setup): Promise<string> {
  const duration_ms = countFor(run, 10_000, 3000)
  const calls = { url: api.url, listings }
  let peak = 0
  for (const callers of SATURATING) {
    const { goodput } = await runLoad({ ...calls, callers: people.slice(0, callers), duration_ms })
    peak = Math.max(peak, goodput)
    run.progress(callers, Math.max(...SATURATING) * TIMES, `${goodput.toFixed(0)} calls/s`)
  }
  const probing = probeAllAlong(run, api.url)
  const piled = await runLoad({ ...calls, callers: people, duration_ms, every_ms: (people.length * 1000) / (peak * TIMES) })
  const slowest_probe_ms = await probing.end()
  const share = piled.goodput / peak
  if (run.short ? piled.goodput === 0 : share < GOODPUT_LEFT)
    run.fail(`at ${TIMES} times the load ${piled.goodput.toFixed(0)} calls/s are served of ${peak.toFixed(0)}`)
  // 409 is cart_empty: the API rejected the add before the checkout.
  for (const [status, count] of piled.statuses)
    if (!['200', '201', '409', '503'].includes(status)) run.fail(`under load ${count} calls are answered ${status}`)
  const words = `${people.length} callers: ${piled.goodput.toFixed(0)} calls/s, ${(share * 100).toFixed(0)} % of the best`
  return `${words} (${describeCounts(piled.statuses)}), the slowest probe ${slowest_probe_ms.toFixed(0)} ms`
}

function probeAllAlong(run: Run, url: string): { end: () => Promise<number> } {
  let is_over = false
  let slowest_ms = 0
  const work = async () => {
    const client = openKeepAliveClient(url)
    while (!is_over) {
      const began = performance.now()
      const response = await client.send({ method: 'GET', path: '/readyz' })
      slowest_ms = Math.max(slowest_ms, performance.now() - began)
      if (statusOf(response) !== '200') run.fail(`under load /readyz is answered ${statusOf(response)}`)
      await Bun.sleep(50)
    }
    client.close()
  }
  const running = work()
  return {
    end: async () => {
      is_over = true
      await running
      return slowest_ms
    },
  }
}

async function sendOnce(url: string, call: Call, person?: Person): Promise<Timed> {
  const client = openKeepAliveClient(url)
  const timed = await time(() => client.send(asRequest(call, person)))
  client.close()
  return timed
}

const textOf = (response: RawResponse) => ('text' in response ? response.text : '')
