/** Webhooks of the simulated provider: in order, or early, late, repeated and out of order like real ones. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PayoutState } from './simulated_bank_records.ts'
import type { ChargeRecord, DisputeRecord, RefundState } from './simulated_records.ts'
import { signWebhook } from './webhook_signature.ts'

/** The time, number and order of events. `duplicate` copies are sent in parallel. */
export type WebhookPlan = { before: boolean; after: boolean; duplicate: number; shuffle: boolean }
export type WebhookTarget = { url: string; secret: string; plan: WebhookPlan }
export type SimulatedEvent = { id: string; type: string; data: { amount: string } & ({ charge: string } | { payout: string }) }

const TRIES = 8
const FIRST_RETRY_MS = 100
const SHUFFLED_WITHIN_MS = 300
const ANSWER_TIMEOUT_MS = 5000

/** Parses a plan such as `before,after,duplicate=3,shuffle`. Throws on an unknown word. */
export function readWebhookPlan(text: string): WebhookPlan {
  const plan: WebhookPlan = { before: false, after: false, duplicate: 1, shuffle: false }
  for (const word of text.split(',')) {
    const copies = /^duplicate=([1-9]\d{0,2})$/.exec(word)?.[1]
    if (copies) plan.duplicate = Number(copies)
    else if (word === 'before' || word === 'after' || word === 'shuffle') plan[word] = true
    else throw new Error(`--webhooks knows before, after, duplicate=N and shuffle, not "${word}"`)
  }
  return plan
}

/** Sends the events of a charge: its start, then its outcome, unless the plan shuffles. */
export function sendChargeEvents(target: WebhookTarget, record: ChargeRecord): Promise<void> {
  const { key, charge, amount } = record
  const types = ['charge.pending', `charge.${record.outcome}`]
  return sendEvents(
    target,
    types.map((type) => ({ id: `${charge}.${type}`, type, data: { key, charge, amount } })),
  )
}

/** Sends the state of a refund. */
export function sendRefundEvent(target: WebhookTarget, refund: RefundState): Promise<void> {
  const type = `refund.${refund.outcome}`
  return sendEvents(target, [{ id: `${refund.refund}.${type}`, type, data: refund }])
}

/** Sends the state of a dispute. */
export function sendDisputeEvent(target: WebhookTarget, dispute: DisputeRecord): Promise<void> {
  const type = `dispute.${dispute.outcome}`
  return sendEvents(target, [{ id: `${dispute.dispute}.${type}`, type, data: dispute }])
}

/** Sends the state of a payout. */
export function sendPayoutEvent(target: WebhookTarget, payout: PayoutState): Promise<void> {
  const type = `payout.${payout.outcome}`
  return sendEvents(target, [{ id: `${payout.payout}.${type}`, type, data: payout }])
}

async function sendEvents(target: WebhookTarget, events: SimulatedEvent[]): Promise<void> {
  const copies = events.flatMap((event) => Array<SimulatedEvent>(target.plan.duplicate).fill(event))
  if (!target.plan.shuffle) {
    for (const event of events) await Promise.all(copies.filter((copy) => copy === event).map((copy) => deliver(target, copy)))
    return
  }
  await Promise.all(
    copies.map(async (copy) => {
      await sleep(Math.random() * SHUFFLED_WITHIN_MS)
      await deliver(target, copy)
    }),
  )
}

/** Retries until the receiver accepts, like real providers. Gives up after about 25 s. */
async function deliver({ url, secret }: WebhookTarget, event: SimulatedEvent): Promise<void> {
  const body = JSON.stringify(event)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const signed = signWebhook(secret, event.id, Math.floor(Date.now() / 1000), body)
    const headers = { 'Content-Type': 'application/json', ...signed }
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
      await response.body?.cancel()
      if (response.ok) return
    } catch {
      // The receiver is down.
    }
    await sleep(FIRST_RETRY_MS * 2 ** attempt)
  }
}
