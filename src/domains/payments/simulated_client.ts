import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { traceHeaders } from '../../platform/tracing/trace.ts'
import { isNeverConnected } from './connection.ts'
import { type ChargeResult, NotCharged, type PaymentProvider } from './provider.ts'
import { verifyWebhook } from './webhook_signature.ts'

const ChargeAnswer = Type.Object({
  key: Type.String(),
  charge: Type.String(),
  outcome: Type.Union([Type.Literal('paid'), Type.Literal('declined')]),
})
const RefundAnswer = Type.Object({ refund: Type.String() })
const Event = Type.Object({
  id: Type.String(),
  type: Type.String(),
  data: Type.Object({ key: Type.String({ pattern: '^[1-9]\\d{0,14}$' }), charge: Type.String() }),
})

/** A client of `simulated_server.ts`. Reads webhooks if it has secrets to verify them. */
export function openSimulatedClient(base_url: string, webhook_secrets: string[]): PaymentProvider {
  const url = base_url.replace(/\/+$/, '')
  const provider: PaymentProvider = {
    name: 'simulated',
    charge: async ({ checkout_id, amount, method }, signal) => {
      const answer = await ask(`${url}/charges`, { key: String(checkout_id), amount, method }, signal)
      if (answer.status === 503 && answer.text.includes('not_charged'))
        throw new NotCharged('the simulated provider did not charge')
      return resultOf(parse(ChargeAnswer, answer))
    },
    find: async ({ checkout_id }, signal) => {
      const answer = await ask(`${url}/charges/${checkout_id}`, undefined, signal)
      return answer.status === 404 ? null : resultOf(parse(ChargeAnswer, answer))
    },
    refund: async ({ key, reference, amount }, signal) => {
      const { refund } = parse(RefundAnswer, await ask(`${url}/refunds`, { key, charge: reference, amount }, signal))
      return { reference: refund }
    },
  }
  if (webhook_secrets.length === 0) return provider
  return {
    ...provider,
    readEvent: async (body, headers) => {
      verifyWebhook(webhook_secrets, headers, body, Date.now() / 1000)
      const event: unknown = JSON.parse(body)
      if (!Value.Check(Event, event)) return null
      const outcome = /^charge\.(paid|declined)$/.exec(event.type)?.[1] as 'paid' | 'declined' | undefined
      return outcome
        ? { event_id: event.id, checkout_id: Number(event.data.key), outcome, provider_reference: event.data.charge }
        : null
    },
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

function resultOf({ outcome, charge }: Static<typeof ChargeAnswer>): ChargeResult {
  return { outcome, reference: charge }
}
