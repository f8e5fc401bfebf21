import { signWebhook } from '../../../src/domains/payments/webhook_signature.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { makePeople } from '../../support/people.ts'
import { snapshot } from '../../support/snapshot.ts'
import { checkAtEnd, failAll } from '../checks/invariants.ts'
import { addToCart, checkOut, describe, send } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, type StoreKind, startServers, stockShops } from '../servers/servers.ts'

const COPIES = 50
const TOO_OLD_S = 301

type Webhook = { headers: Record<string, string>; body: string }

export const webhooks: Scenario = {
  name: 'webhooks',
  claim: 'Parallel copies of a webhook, out of order and before the response to the charge, move a checkout once',
  test: (run) => testWebhooks(run, 'none'),
}

/** Sends the webhooks of each checkout between the provider's charge and the response to that charge, and some again later. */
export async function testWebhooks(run: Run, store: StoreKind): Promise<string> {
  const rounds = countFor(run, 20)
  const servers = await startServers(run, store, { holds_charges: true })
  const { sql, charge_proxy, webhook_secret } = servers
  const listings = await stockShops(sql, 3, Array(3).fill(1000))
  const buyers = await makePeople(sql, rounds)
  // The worker starts later. Until then only calls write, so sendForgeries can compare the tables.
  const { url } = await servers.startApi({}, 'api')
  for (const [round, buyer] of buyers.entries()) {
    for (const { id } of listings) await send(url, buyer, addToCart(id))
    const declines = round % 5 === 1
    charge_proxy.holdAt('response')
    const placing = send(url, buyer, checkOut(`hook-${round}`, declines ? 'pm_card_chargeDeclined' : 'pm_card_visa'))
    await charge_proxy.untilHeld()
    const checkout_id = await readPending(sql)
    await sendForgeries(run, servers, url, checkout_id)
    const final = eventOf(webhook_secret, checkout_id, declines ? 'charge.declined' : 'charge.paid')
    const begun = eventOf(webhook_secret, checkout_id, 'charge.pending')
    await deliverAll(run, url, [...Array<Webhook>(COPIES).fill(final), ...Array<Webhook>(COPIES).fill(begun)])
    charge_proxy.release()
    const response = await placing
    const wanted = declines ? 402 : 201
    if (response?.status !== wanted) run.fail(`a checkout settled by a webhook returned ${describe(response)}, not ${wanted}`)
    await deliverAll(run, url, [begun, final, begun])
    run.progress(round + 1, rounds, `${(round + 1) * COPIES} copies`)
  }
  await servers.startApi({}, 'worker')
  await checkAtEnd(run, servers)
  failAll(run, await findDoubleMoves(sql))
  const copies = `${COPIES} parallel copies of its webhook and ${COPIES} of an older event`
  return `${rounds} checkouts, each with ${copies} before the response to the charge; ${3 * rounds} forgeries`
}

/** Returns the one checkout that waits for its payment. */
async function readPending(sql: Sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select id from checkouts where status = 'pending'`
  return row?.id ?? 0
}

function eventOf(secret: string, checkout_id: number, type: string, timestamp_s = Math.floor(Date.now() / 1000)): Webhook {
  const charge = `sim_${checkout_id}`
  const id = `${charge}.${type}`
  const body = JSON.stringify({ id, type, data: { key: String(checkout_id), charge, amount: '1.00' } })
  return { headers: { 'Content-Type': 'application/json', ...signWebhook(secret, id, timestamp_s, body) }, body }
}

/** Sends all events at once, in random order. */
async function deliverAll(run: Run, url: string, events: Webhook[]): Promise<void> {
  const shuffled = events.map((event) => ({ event, place: Math.random() })).sort((a, b) => a.place - b.place)
  const statuses = await Promise.all(shuffled.map(({ event }) => deliver(url, event)))
  const failed = statuses.filter((status) => status !== 200)
  if (failed.length > 0) run.fail(`${failed.length} of ${statuses.length} webhooks returned ${[...new Set(failed)].join(', ')}`)
}

async function deliver(url: string, { headers, body }: Webhook): Promise<number> {
  const response = await fetch(`${url}/v1/webhooks/simulated`, { method: 'POST', headers, body })
  await response.text()
  return response.status
}

/** The API must reject a wrong secret, an old timestamp and an altered byte, and must not change a row of any table. */
async function sendForgeries(run: Run, { sql, webhook_secret }: Servers, url: string, checkout_id: number): Promise<void> {
  const genuine = eventOf(webhook_secret, checkout_id, 'charge.paid')
  const forgeries: Record<string, Webhook> = {
    'a bad signature': eventOf(`${webhook_secret}x`, checkout_id, 'charge.paid'),
    'an old timestamp': eventOf(webhook_secret, checkout_id, 'charge.paid', Math.floor(Date.now() / 1000) - TOO_OLD_S),
    'an altered byte': { ...genuine, body: genuine.body.replace('1.00', '1.01') },
  }
  const before = await readTables(sql)
  for (const [what, forgery] of Object.entries(forgeries)) {
    const status = await deliver(url, forgery)
    if (status < 400 || status >= 500) run.fail(`a webhook with ${what} returned ${status}`)
  }
  const after = await readTables(sql)
  for (const [name, rows] of Object.entries(after))
    if (!Bun.deepEquals(rows, before[name])) run.fail(`a forged webhook changed ${name}`)
}

/** The tables that an API process writes without calls. */
const WRITTEN_IN_BACKGROUND = ['public.changes', 'public.leases', 'public.processes']

/** Returns by table every row that a call can write. */
async function readTables(sql: Sql): Promise<Record<string, string[]>> {
  const tables = await snapshot(sql as Parameters<typeof snapshot>[0])
  return Object.fromEntries(Object.entries(tables).filter(([name]) => !WRITTEN_IN_BACKGROUND.includes(name)))
}

async function findDoubleMoves(sql: Sql): Promise<string[]> {
  const moves = await sql<{ order_id: number; status: string; count: number }[]>`
    select e.order_id, e.status, count(*) from order_events e group by e.order_id, e.status having count(*) > 1`
  const events = await sql<{ event_id: string; count: number }[]>`
    select e.event_id, count(*) from payment_events e group by e.provider, e.event_id having count(*) > 1`
  return [
    ...moves.map(({ order_id, status, count }) => `order ${order_id} became ${status} ${count} times`),
    ...events.map(({ event_id, count }) => `event ${event_id} was recorded ${count} times`),
  ]
}
