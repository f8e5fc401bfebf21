import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { traceHeaders } from '../../platform/tracing/trace.ts'
import { NotSent } from '../payouts/provider.ts'
import { isNeverConnected } from './connection.ts'
import { type ChargeQuery, NotCharged, type PaymentEvent, type PaymentProvider } from './provider.ts'
import { type ActionPages, chargeResultOf, SIMULATED_LIMITS } from './simulated_actions.ts'
import {
  DisputeShown,
  disputeEvent,
  FollowUpsShown,
  followUpEvents,
  RefundShown,
  refundEvent,
  refundResult,
} from './simulated_follow_ups.ts'
import { type BankCalls, BooksShown, MovedShown, openSimulatedPayouts, PayoutShown, payoutEvent } from './simulated_payouts.ts'
import { verifyWebhook } from './webhook_signature.ts'

const ChargeAnswer = Type.Object({
  key: Type.String(),
  charge: Type.String(),
  outcome: Type.Union([Type.Literal('paid'), Type.Literal('declined'), Type.Literal('requires_action')]),
})
const ChargeData = Type.Object({ key: Type.String({ pattern: '^[1-9]\\d{0,14}$' }), charge: Type.String() })
const Event = Type.Object({ id: Type.String(), type: Type.String(), data: Type.Unknown() })

/** A client of `simulated_server.ts`. Reads webhooks if it has secrets to verify them. */
export function openSimulatedClient(base_url: string, webhook_secrets: string[], pages: ActionPages): PaymentProvider {
  const url = base_url.replace(/\/+$/, '')
  const complete = async (query: ChargeQuery, is_confirmed: boolean, signal: AbortSignal) => {
    const answer = await ask(`${url}/charges/${query.checkout_id}/${is_confirmed ? 'confirm' : 'decline'}`, {}, signal)
    return answer.status === 404 ? null : chargeResultOf(parse(ChargeAnswer, answer), query, pages)
  }
  const provider: PaymentProvider = {
    name: 'simulated',
    limits: SIMULATED_LIMITS,
    charge: async (charge, signal) => {
      const { checkout_id, amount, method } = charge
      const answer = await ask(`${url}/charges`, { key: String(checkout_id), amount, method }, signal)
      if (answer.status === 503 && answer.text.includes('not_charged'))
        throw new NotCharged('the simulated provider did not charge')
      return chargeResultOf(parse(ChargeAnswer, answer), charge, pages)
    },
    find: async (query, signal) => {
      const answer = await ask(`${url}/charges/${query.checkout_id}`, undefined, signal)
      return answer.status === 404 ? null : chargeResultOf(parse(ChargeAnswer, answer), query, pages)
    },
    cancel: (query, signal) => complete(query, false, signal),
    payouts: openSimulatedPayouts(bankAt(url), pages.accounts),
    actions: { isToken: pages.isToken, complete },
    refund: async ({ key, reference, amount }, signal) => {
      const answer = await ask(`${url}/refunds`, { key, charge: reference, amount }, signal)
      if (answer.status === 422) return { reference: null, outcome: 'failed', failure_reason: answer.text.slice(0, 200) }
      return refundResult(parse(RefundShown, answer))
    },
    listFollowUps: async (filter, signal) => {
      const query = 'charge' in filter ? `charge=${encodeURIComponent(filter.charge)}` : `days=${filter.days}`
      return followUpEvents(parse(FollowUpsShown, await ask(`${url}/follow_ups?${query}`, undefined, signal)))
    },
  }
  if (webhook_secrets.length === 0) return provider
  return {
    ...provider,
    readEvent: async (body, headers) => {
      verifyWebhook(webhook_secrets, headers, body, Date.now() / 1000)
      const event: unknown = JSON.parse(body)
      return Value.Check(Event, event) ? eventOf(event) : null
    },
  }
}

function eventOf({ id, type, data }: Static<typeof Event>): PaymentEvent | null {
  if (type.startsWith('refund.') && Value.Check(RefundShown, data)) return refundEvent(data, id)
  if (type.startsWith('dispute.') && Value.Check(DisputeShown, data)) return disputeEvent(data, id)
  if (type.startsWith('payout.') && Value.Check(PayoutShown, data)) return payoutEvent(data, id)
  const outcome = /^charge\.(paid|declined)$/.exec(type)?.[1] as 'paid' | 'declined' | undefined
  if (!outcome || !Value.Check(ChargeData, data)) return null
  return { kind: 'charge', event_id: id, checkout_id: Number(data.key), outcome, provider_reference: data.charge }
}

/** The calls of the bank of the provider at a URL. */
function bankAt(url: string): BankCalls {
  const move = async <S extends TSchema>(schema: S, path: string, order: object, signal: AbortSignal) => {
    const answer = await ask(`${url}${path}`, order, signal).catch((error) => {
      throw error instanceof NotCharged ? new NotSent(error.message, { cause: error }) : error
    })
    return answer.status === 422 ? { refused: answer.text.slice(0, 200) } : parse(schema, answer)
  }
  const find = async <S extends TSchema>(schema: S, path: string, signal: AbortSignal) => {
    const answer = await ask(`${url}${path}`, undefined, signal)
    return answer.status === 404 ? null : parse(schema, answer)
  }
  return {
    transfer: ({ key, account, amount, source }, signal) =>
      move(MovedShown, '/transfers', { key, account, amount, source }, signal),
    reverse: (order, signal) => move(MovedShown, '/reversals', order, signal),
    pay: ({ key, account, amount }, signal) => move(PayoutShown, '/payouts', { key, account, amount }, signal),
    findMoved: (key, signal) => find(MovedShown, `/transfers/${key}`, signal),
    findPayout: (key, signal) => find(PayoutShown, `/payouts/${key}`, signal),
    listBooks: async (since, signal) =>
      parse(BooksShown, await ask(`${url}/books?since=${since.toISOString()}`, undefined, signal)),
  }
}

type Answer = { status: number; text: string }

async function ask(url: string, body: unknown, signal: AbortSignal): Promise<Answer> {
  const headers = { ...traceHeaders(), ...(body ? { 'Content-Type': 'application/json' } : {}) }
  const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  try {
    // Follows no redirect: only the configured URL gets requests.
    const response = await fetch(url, { ...request, signal, redirect: 'error' })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    if (isNeverConnected(error)) throw new NotCharged('the simulated provider does not listen', { cause: error })
    throw error
  }
}

function parse<S extends TSchema>(schema: S, { status, text }: Answer): Static<S> {
  if (status !== 200) throw new Error(`the simulated provider answered ${status}: ${text.slice(0, 200)}`)
  const value: unknown = JSON.parse(text)
  if (!Value.Check(schema, value)) throw new Error('the simulated provider answered something else')
  return value
}
