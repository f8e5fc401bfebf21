/** The HTTP calls of the bank of the simulated provider (simulated_server.ts). */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Static, Type } from '@sinclair/typebox'
import type { Bank } from './simulated_bank.ts'
import { type PayoutState, RETURN_MS } from './simulated_bank_records.ts'
import { Amount, Key, read } from './simulated_bodies.ts'
import { sendPayoutEvent, type WebhookTarget } from './simulated_webhooks.ts'

const TransferOrder = Type.Object({
  key: Key,
  account: Key,
  amount: Amount,
  source: Type.Union([Key, Type.Null()]),
})
const ReversalOrder = Type.Object({ key: Key, transfer: Key, amount: Amount })
const PayoutOrder = Type.Object({ key: Key, account: Key, amount: Amount })

/** Returns the response to a call of the bank, or null for any other call. */
export async function answerBank(bank: Bank, target: WebhookTarget | null, request: Request): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url)
  const call = `${request.method} ${pathname}`
  if (call === 'POST /transfers') return Response.json(await bank.transfer(await read(TransferOrder, request), request.signal))
  if (call === 'POST /reversals') return Response.json(await bank.reverse(await read(ReversalOrder, request), request.signal))
  if (call === 'POST /payouts') return Response.json(await pay(bank, target, await read(PayoutOrder, request), request.signal))
  if (call === 'GET /books') return Response.json(bank.listBooks(new Date(searchParams.get('since') ?? 0)))
  const [, what, key = ''] = /^GET \/(transfers|payouts)\/([^/]+)$/.exec(call) ?? []
  if (!what) return null
  const found = what === 'payouts' ? await bank.findPayout(key) : await bank.findMoved(key)
  return found ? Response.json(found) : Response.json({ error: 'not_found' }, { status: 404 })
}

/** Pays, and sends a webhook when the bank has sent the payout back. */
async function pay(
  bank: Bank,
  target: WebhookTarget | null,
  order: Static<typeof PayoutOrder>,
  signal: AbortSignal,
): Promise<PayoutState> {
  const state = await bank.pay(order, signal)
  if (target && state.returns_at_ms !== undefined && state.outcome === 'paid') void reportReturn(target, state)
  return state
}

async function reportReturn(target: WebhookTarget, state: PayoutState): Promise<void> {
  await sleep(RETURN_MS)
  await sendPayoutEvent(target, { ...state, outcome: 'returned' })
}
