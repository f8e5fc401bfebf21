/**
 * The simulated payment provider as its own process. Its ledger survives a kill:
 *
 *   bun src/domains/payments/simulated_server.ts --port N --log FILE
 *     [--webhook-url URL --webhook-secret S [--webhooks before,after,duplicate=3,shuffle]]
 *
 * POST /charges {key, amount, method} · GET /charges/{key} · POST /refunds {key, charge, amount} · GET /counts
 * POST /charges/{key}/confirm · /decline: the action of a buyer, also its cancellation
 * GET /follow_ups?charge= or ?days=: refunds and disputes, and payouts that came back
 * POST /transfers {key, account, amount, source} · POST /reversals {key, transfer, amount} · GET /transfers/{key}: both
 * POST /payouts {key, account, amount} · GET /payouts/{key}
 * GET /books?since=: all transfers, reversals and payouts since a time
 *
 * As if in its dashboard: POST /refunds {charge, amount} · POST /disputes {charge} · POST /disputes/{id}/won · /lost
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Static, Type } from '@sinclair/typebox'
import { NotCharged } from './provider.ts'
import { type Bank, openBank } from './simulated_bank.ts'
import { answerBank } from './simulated_bank_server.ts'
import { Amount, Key, MalformedBody, read } from './simulated_bodies.ts'
import { chargeByMethod, type Ledger, LedgerRefusal, openLedger } from './simulated_ledger.ts'
import { openDurableLog, splitRecords } from './simulated_log.ts'
import { type ChargeRecord, type DisputeRecord, disputeAfter, FOLLOW_UP_MS, type RefundState } from './simulated_records.ts'
import { readWebhookPlan, sendChargeEvents, sendDisputeEvent, sendRefundEvent, type WebhookTarget } from './simulated_webhooks.ts'

const ChargeOrder = Type.Object({ key: Key, amount: Amount, method: Key })
const RefundOrder = Type.Object({ key: Type.Optional(Key), charge: Key, amount: Amount })
const DisputeOrder = Type.Object({ charge: Key })

/** The maximum of Bun. A caller of a charge without a response decides itself when to give up. */
const IDLE_TIMEOUT_S = 255

function readArguments(): { port: number; log: string; target: WebhookTarget | null } {
  const text = { type: 'string' } as const
  const options = { port: text, log: text, 'webhook-url': text, 'webhook-secret': text, webhooks: { ...text, default: 'after' } }
  const { values } = parseArgs({ options })
  const { port = '0', log, 'webhook-url': url, 'webhook-secret': secret } = values
  if (!log || !/^\d+$/.test(port))
    throw new Error('Usage: simulated_server.ts --port N --log FILE [--webhook-url URL --webhook-secret S --webhooks …]')
  if ((url === undefined) !== (secret === undefined)) throw new Error('--webhook-url and --webhook-secret go together')
  return { port: Number(port), log, target: url && secret ? { url, secret, plan: readWebhookPlan(values.webhooks) } : null }
}

async function answer(ledger: Ledger, bank: Bank, target: WebhookTarget | null, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const of_bank = await answerBank(bank, target, request)
  if (of_bank) return of_bank
  const call = `${request.method} ${pathname}`
  const [, acted_on, action] = /^POST \/charges\/([^/]+)\/(confirm|decline)$/.exec(call) ?? []
  const key = /^GET \/charges\/([^/]+)$/.exec(call)?.[1]
  if (call === 'POST /charges')
    return Response.json(await charge(ledger, target, await read(ChargeOrder, request), request.signal))
  if (call === 'POST /refunds') return Response.json(await refund(ledger, target, await read(RefundOrder, request)))
  if (call === 'POST /disputes')
    return Response.json(await report(target, await ledger.dispute((await read(DisputeOrder, request)).charge)))
  const [, dispute, outcome] = /^POST \/disputes\/([^/]+)\/(won|lost)$/.exec(call) ?? []
  if (dispute) return Response.json(await report(target, await ledger.endDispute(dispute, outcome as 'won' | 'lost')))
  if (call === 'GET /follow_ups') {
    const charge = searchParams.get('charge')
    const days = Number(searchParams.get('days'))
    return Response.json({ ...ledger.list(charge ? { charge } : { days }), payouts: charge ? [] : bank.listReturned(days) })
  }
  if (call === 'GET /counts') return Response.json({ ...ledger.count(), ...bank.count() })
  const found = acted_on
    ? await complete(ledger, target, decodeURIComponent(acted_on), action === 'confirm')
    : key && (await ledger.find(decodeURIComponent(key)))
  return found ? Response.json(found) : Response.json({ error: 'not_found' }, { status: 404 })
}

/** Charges, and sends the webhooks before its response, after it, or both. */
async function charge(
  ledger: Ledger,
  target: WebhookTarget | null,
  order: Static<typeof ChargeOrder>,
  signal: AbortSignal,
): Promise<ChargeRecord> {
  if (target?.plan.before && order.method !== 'pm_card_error') await sendChargeEvents(target, await ledger.charge(order))
  try {
    return await chargeByMethod(ledger, order, signal)
  } finally {
    const record = await ledger.find(order.key)
    if (target?.plan.after && record) void sendChargeEvents(target, record)
    if (target && record?.method === 'pm_card_createDispute') void disputeLater(target, record)
  }
}

async function disputeLater(target: WebhookTarget, record: ChargeRecord): Promise<void> {
  await sleep(FOLLOW_UP_MS)
  await sendDisputeEvent(target, disputeAfter(record))
}

/** Refunds, and sends the webhooks before its response, after it, or both. A refund without a key is made in the dashboard. */
async function refund(ledger: Ledger, target: WebhookTarget | null, order: Static<typeof RefundOrder>): Promise<RefundState> {
  const state = await ledger.refund({ ...order, key: order.key ?? null })
  if (target?.plan.before) await sendRefundEvent(target, state)
  if (target?.plan.after) void sendRefundEvent(target, state)
  if (target && state.outcome === 'sent') void failLater(target, state)
  return state
}

async function failLater(target: WebhookTarget, state: RefundState): Promise<void> {
  await sleep(FOLLOW_UP_MS)
  await sendRefundEvent(target, { ...state, outcome: 'failed' })
}

/** Sends a webhook about a dispute, and returns it. */
async function report(target: WebhookTarget | null, dispute: DisputeRecord): Promise<DisputeRecord> {
  if (target) void sendDisputeEvent(target, dispute)
  return dispute
}

/** Confirms or declines a charge that requires an action, and sends the webhooks before its response, after it, or both. */
async function complete(
  ledger: Ledger,
  target: WebhookTarget | null,
  key: string,
  is_confirmed: boolean,
): Promise<ChargeRecord | null> {
  const is_waiting = (await ledger.find(key))?.outcome === 'requires_action'
  const record = await ledger.complete(key, is_confirmed)
  if (!record || !is_waiting) return record
  if (target?.plan.before) await sendChargeEvents(target, record)
  if (target?.plan.after) void sendChargeEvents(target, record)
  return record
}

function refuse(error: unknown): Response {
  if (error instanceof NotCharged) return Response.json({ error: 'not_charged' }, { status: 503 })
  if (error instanceof MalformedBody) return Response.json({ error: error.message }, { status: 400 })
  if (error instanceof LedgerRefusal) return Response.json({ error: error.message }, { status: 422 })
  return Response.json({ error: String(error) }, { status: 500 })
}

function main(): void {
  const { port, log, target } = readArguments()
  const book = openDurableLog(log)
  const [of_bank, of_ledger] = splitRecords(book.records)
  const ledger = openLedger(of_ledger, book.append)
  const bank = openBank(of_bank, book.append)
  const server = Bun.serve({
    port,
    hostname: '127.0.0.1',
    idleTimeout: IDLE_TIMEOUT_S,
    fetch: (request) => answer(ledger, bank, target, request).catch(refuse),
  })
  const end = async () => {
    await server.stop(true)
    book.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => void end())
  console.log(`Simulated payments on http://127.0.0.1:${server.port}`)
}

main()
