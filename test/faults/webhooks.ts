import { signWebhook } from '../../src/domains/payments/webhook_signature.ts'
import type { Sql } from '../../src/platform/db/client.ts'
import { listItems, makePeople, openStalls } from '../support/people.ts'
import { snapshot } from '../support/snapshot.ts'
import { findWrongStock, recordStock } from '../support/stock.ts'
import { addToCart, checkOut, describe, send } from './stage/calls.ts'
import { contradictAll, findWrongMoney, untilSettled } from './stage/invariants.ts'
import { type Stage, type StoreKind, setStage } from './stage/stage.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

const COPIES = 50
const SETTLE_WITHIN_S = 60
const TOO_OLD_S = 301

type Webhook = { headers: Record<string, string>; body: string }

export const webhooks: Proof = {
  name: 'webhooks',
  claim: 'A webhook in parallel copies, out of order and before the answer to our own call moves a checkout once',
  run: (trial) => tryWebhooks(trial, 'none'),
}

/** Sends the webhooks of each checkout between the provider's charge and the response to that charge, and some again later. */
export async function tryWebhooks(trial: Trial, store: StoreKind): Promise<string> {
  const rounds = countFor(trial, 20)
  const stage = await setStage(trial, store, { gated: true })
  const { sql } = stage
  const listings = await listItems(sql, await openStalls(sql, 3), Array(3).fill(1000))
  await recordStock(sql)
  const buyers = await makePeople(sql, rounds)
  const api = await stage.startApi()
  for (const [round, buyer] of buyers.entries()) {
    for (const { id } of listings) await send(api.url, buyer, addToCart(id))
    const declines = round % 5 === 1
    stage.gate.holdAt('answer')
    const placing = send(api.url, buyer, checkOut(`hook-${round}`, declines ? 'pm_card_chargeDeclined' : 'pm_card_visa'))
    await stage.gate.arrival()
    const checkout_id = await readPending(sql)
    await tryForgeries(trial, stage, api.url, checkout_id)
    const final = eventOf(stage.webhook_secret, checkout_id, declines ? 'charge.declined' : 'charge.paid')
    const begun = eventOf(stage.webhook_secret, checkout_id, 'charge.pending')
    await deliverAll(trial, api.url, [...Array<Webhook>(COPIES).fill(final), ...Array<Webhook>(COPIES).fill(begun)])
    stage.gate.open()
    const answer = await placing
    const wanted = declines ? 402 : 201
    if (answer?.status !== wanted)
      trial.contradict(`a checkout that a webhook settled answers ${describe(answer)}, not ${wanted}`)
    await deliverAll(trial, api.url, [begun, final, begun])
    trial.progress(round + 1, rounds, `${(round + 1) * COPIES} copies`)
  }
  await untilSettled(trial, sql, SETTLE_WITHIN_S)
  contradictAll(trial, await findDoubleMoves(sql))
  contradictAll(trial, await findWrongStock(sql))
  contradictAll(trial, await findWrongMoney(sql, await stage.provider.count()))
  await api.stop()
  return `${rounds} checkouts, each told ${COPIES} times in parallel with ${COPIES} older events between, before our own answer; ${3 * rounds} forgeries`
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
async function deliverAll(trial: Trial, url: string, events: Webhook[]): Promise<void> {
  const shuffled = events.map((event) => ({ event, place: Math.random() })).sort((a, b) => a.place - b.place)
  const statuses = await Promise.all(shuffled.map(({ event }) => deliver(url, event)))
  const failed = statuses.filter((status) => status !== 200)
  if (failed.length > 0)
    trial.contradict(`of ${statuses.length} webhooks ${failed.length} were answered ${[...new Set(failed)].join(', ')}`)
}

async function deliver(url: string, { headers, body }: Webhook): Promise<number> {
  const response = await fetch(`${url}/v1/webhooks/simulated`, { method: 'POST', headers, body })
  await response.text()
  return response.status
}

/** The API must reject a wrong secret, an old timestamp and an altered byte, and must not change a row of any table. */
async function tryForgeries(trial: Trial, { sql, webhook_secret }: Stage, url: string, checkout_id: number): Promise<void> {
  const genuine = eventOf(webhook_secret, checkout_id, 'charge.paid')
  const forgeries: Record<string, Webhook> = {
    'a bad signature': eventOf(`${webhook_secret}x`, checkout_id, 'charge.paid'),
    'an old timestamp': eventOf(webhook_secret, checkout_id, 'charge.paid', Math.floor(Date.now() / 1000) - TOO_OLD_S),
    'an altered byte': { ...genuine, body: genuine.body.replace('1.00', '1.01') },
  }
  const before = await readTables(sql)
  for (const [what, forgery] of Object.entries(forgeries)) {
    const status = await deliver(url, forgery)
    if (status < 400 || status >= 500) trial.contradict(`a webhook with ${what} is answered ${status}`)
  }
  if ((await readTables(sql)) !== before) trial.contradict('a forged webhook changed the database')
}

/** The tables that a running service writes without calls: jobs, changes, leases and processes. */
const OF_THE_SERVICE = ['pgboss.job', 'public.changes', 'public.leases', 'public.processes']

/** Returns every row that a call can write. */
async function readTables(sql: Sql): Promise<string> {
  const tables = await snapshot(sql as Parameters<typeof snapshot>[0])
  return JSON.stringify(Object.entries(tables).filter(([name]) => !OF_THE_SERVICE.includes(name)))
}

async function findDoubleMoves(sql: Sql): Promise<string[]> {
  const moves = await sql<{ order_id: number; status: string; count: number }[]>`
    select e.order_id, e.status, count(*) from order_events e group by e.order_id, e.status having count(*) > 1`
  const events = await sql<{ event_id: string; count: number }[]>`
    select e.event_id, count(*) from payment_events e group by e.provider, e.event_id having count(*) > 1`
  return [
    ...moves.map(({ order_id, status, count }) => `order ${order_id} became ${status} ${count} times`),
    ...events.map(({ event_id, count }) => `event ${event_id} was taken ${count} times`),
  ]
}
