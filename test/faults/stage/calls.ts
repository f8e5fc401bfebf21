/** What a buyer's client does: calls, and tries again as the API's documentation tells it to. */
import type { Person } from './people.ts'

/** An answer; `code` is the problem's, null for a success. */
export type Answer = { status: number; text: string; code: string | null; replayed: boolean }
export type Call = { method: string; path: string; body?: unknown; key?: string; headers?: Record<string, string> }

const TIMEOUT_MS = 20_000
/** Sooner than the second that Retry-After asks for, because it makes more of a race. */
const RETRY_MS = 100

export const address = { name: 'Ann Lee', line1: '1 Mill Lane', city: 'Bath', postal_code: 'BA1 1AA', country: 'GB' }

/** One call, by nobody where there is no person; null where the connection broke before the answer was whole. */
export async function send(url: string, person: Person | null, call: Call): Promise<Answer | null> {
  const { method, path, body, key } = call
  const headers = {
    ...call.headers,
    ...(person ? { Authorization: `Bearer ${person.token}` } : {}),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
  }
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  try {
    const response = await fetch(url + path, { method, headers, ...content, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const text = await response.text()
    const code = response.status < 400 ? null : (JSON.parse(text) as { code: string }).code
    return { status: response.status, text, code, replayed: response.headers.has('idempotency-replayed') }
  } catch {
    return null
  }
}

export const addToCart = (product_id: number, quantity = 1, key?: string): Call => ({
  method: 'POST',
  path: '/v1/cart/items',
  body: { product_id, quantity },
  ...(key === undefined ? {} : { key }),
})

export const removeFromCart = (product_id: number): Call => ({ method: 'DELETE', path: `/v1/cart/items/${product_id}` })

export const checkOut = (key: string, payment_method = 'pm_card_visa'): Call => ({
  method: 'POST',
  path: '/v1/checkout',
  body: { shipping_address: address, payment_method },
  key,
})

export const cancelOrder = (order_id: number): Call => ({ method: 'POST', path: `/v1/orders/${order_id}/cancel` })

/** Calls again while the first call with the key is said to be in progress. */
export async function sendUntilFinal(url: string, person: Person, call: Call): Promise<Answer | null> {
  for (;;) {
    const answer = await send(url, person, call)
    if (answer?.code !== 'idempotency_in_progress') return answer
    await Bun.sleep(RETRY_MS * (0.5 + Math.random()))
  }
}

/** An answer in a few words, for findings. */
export function describe(answer: Answer | null): string {
  return answer ? `${answer.status} ${answer.code ?? answer.text.slice(0, 200)}` : 'no answer'
}

/** How often each outcome came: `201`, `409 item_reserved`, `no answer`. */
export function tally(answers: (Answer | null)[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const answer of answers) {
    const outcome = answer && !answer.code ? String(answer.status) : describe(answer)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  return counts
}

export function describeTally(counts: Map<string, number>): string {
  return [...counts].map(([outcome, count]) => `${count} × ${outcome}`).join(', ')
}
