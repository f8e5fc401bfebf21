/** A buyer's client: it calls and retries as the API's documentation describes. */
import { openApi } from '../../support/client.ts'
import type { Person } from '../../support/people.ts'
import { PURCHASE } from '../../support/purchase.ts'

/** `code` is the problem's code, or null for a success. `etag` is null without an ETag. */
export type ApiResponse = { status: number; text: string; code: string | null; replayed: boolean; etag: string | null }
export type Call = { method: string; path: string; body?: unknown; key?: string; headers?: Record<string, string> }

const TIMEOUT_MS = 20_000
/** Shorter than the second of Retry-After, because a shorter pause makes races more likely. */
const RETRY_MS = 100

/** Sends one call. Without a person it is anonymous. Returns null if the connection broke before the response was complete. */
export async function send(
  url: string,
  person: Person | null,
  { method, path, body, key, ...call }: Call,
): Promise<ApiResponse | null> {
  const headers = { ...call.headers, ...(key === undefined ? {} : { 'Idempotency-Key': key }) }
  try {
    const api = openApi(url, { timeout_ms: TIMEOUT_MS })
    const response = await api<{ code: string }>(method, path, { body, headers, token: person?.token })
    const { status, text } = response
    const code = status < 400 ? null : response.body.code
    const etag = response.headers.get('etag')
    return { status, text, code, replayed: response.headers.has('idempotency-replayed'), etag }
  } catch {
    return null
  }
}

export const addToCart = (product_id: number, quantity = 1, key?: string, variant_id: number | null = null): Call => ({
  method: 'POST',
  path: '/v1/cart/items',
  body: { product_id, quantity, ...(variant_id === null ? {} : { variant_id }) },
  ...(key === undefined ? {} : { key }),
})

export const removeFromCart = (product_id: number): Call => ({ method: 'DELETE', path: `/v1/cart/items/${product_id}` })

export const checkOut = (key: string, payment_method = 'pm_card_visa'): Call => ({
  method: 'POST',
  path: '/v1/checkout',
  body: { ...PURCHASE, payment_method },
  key,
})

export const cancelOrder = (order_id: number): Call => ({ method: 'POST', path: `/v1/orders/${order_id}/cancel` })

/** Calls again while the API reports that the first call with the key is in progress. */
export async function sendUntilFinal(url: string, person: Person, call: Call): Promise<ApiResponse | null> {
  for (;;) {
    const response = await send(url, person, call)
    if (response?.code !== 'idempotency_in_progress') return response
    await Bun.sleep(RETRY_MS * (0.5 + Math.random()))
  }
}

/** A response in a few words, for findings. */
export function describe(response: ApiResponse | null): string {
  return response ? `${response.status} ${response.code ?? response.text.slice(0, 200)}` : 'no response'
}

/** The outcome of a call: `201`, `409 item_reserved`, `no response`. */
export function outcomeOf(response: ApiResponse | null): string {
  return response && !response.code ? String(response.status) : describe(response)
}
