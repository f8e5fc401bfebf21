import { type Answer, type Api, openApi } from '../../test/support/client.ts'
import { PURCHASE } from '../../test/support/purchase.ts'

/** An item of the catalog: a product, or one of its variants. */
export type Item = { product_id: number; variant_id: number | null }
/** A basket to send: the token of its buyer, and its items. */
export type Purchase = { number: string; token: string; lines: (Item & { quantity: number })[] }

/** Counts so far. `checkout_ms` has each checkout with a response. `server_errors` (5xx) and `failures` describe responses. */
export type Tally = {
  baskets: number
  checkouts: number
  pending: number
  orders: number
  lines: number
  refused_lines: number
  empty_baskets: number
  server_errors: string[]
  failures: string[]
  checkout_ms: number[]
}

type CartLine = { line_id: number; product_id: number; unavailable_reason: string | null }
type Problem = { code?: string; product_id?: number; orders?: unknown[]; shops?: { items: CartLine[] }[] }
type Call = (method: string, path: string, body?: object, key?: string) => Promise<Answer<Problem> | null>

export function newTally(): Tally {
  const counts = {
    baskets: 0,
    checkouts: 0,
    pending: 0,
    orders: 0,
    lines: 0,
    refused_lines: 0,
    empty_baskets: 0,
  }
  return { ...counts, server_errors: [], failures: [], checkout_ms: [] }
}

/** Sends the purchases, `concurrency` at a time. Purchases of one buyer run one after another, because they share a cart. */
export async function sendPurchases(
  url: string,
  purchases: Purchase[],
  concurrency: number,
  tally: Tally,
  onProgress: () => void,
): Promise<void> {
  const api = openApi(url)
  const waiting = purchases.values()
  const lastOf = new Map<string, Promise<void>>()
  const work = async () => {
    for (const purchase of waiting) {
      const done = (lastOf.get(purchase.token) ?? Promise.resolve()).then(() => sendPurchase(api, purchase, tally))
      lastOf.set(purchase.token, done)
      await done
      tally.baskets++
      onProgress()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}

/** Fills the cart and checks out. Removes lines that the API refuses for lack of stock, and checks out the rest. */
async function sendPurchase(api: Api, { number, token, lines }: Purchase, tally: Tally): Promise<void> {
  const call: Call = (method, path, body, key) => send(api, tally, method, path, { token, body, key })
  let in_cart = 0
  for (const line of lines) {
    const added = await call('POST', '/v1/cart/items', line)
    tally.lines++
    if (added?.status === 201) in_cart++
    else if (added && isRefusal(added)) tally.refused_lines++
    else if (added) fail(tally, 'POST /v1/cart/items', added)
  }
  for (let attempt = 1; in_cart > 0; attempt++, in_cart--) {
    const began = performance.now()
    const paid = await call('POST', '/v1/checkout', PURCHASE, `basket-${number}-${attempt}`)
    if (!paid) return
    tally.checkout_ms.push(performance.now() - began)
    if (paid.status === 201 || paid.status === 202) return countCheckout(paid, tally)
    if (!isRefusal(paid)) return fail(tally, 'POST /v1/checkout', paid)
    const line_id = await findRefused(call, paid.body.product_id)
    const removed = await call('DELETE', `/v1/cart/lines/${line_id}`)
    if (removed?.status !== 204) return removed ? fail(tally, 'DELETE /v1/cart/lines', removed) : undefined
    tally.refused_lines++
  }
  tally.empty_baskets++
}

/** Returns the line that the checkout refused. Other variants of its product can be in the cart, too. */
async function findRefused(call: Call, product_id: number | undefined): Promise<number | undefined> {
  const cart = await call('GET', '/v1/cart')
  const lines = cart?.body.shops?.flatMap(({ items }) => items).filter((line) => line.product_id === product_id) ?? []
  return (lines.find(({ unavailable_reason }) => unavailable_reason !== null) ?? lines[0])?.line_id
}

function countCheckout({ status, body }: Answer<Problem>, tally: Tally): void {
  tally.checkouts++
  tally.orders += body.orders?.length ?? 0
  if (status === 202) tally.pending++
}

function isRefusal({ status, body }: Answer<Problem>): boolean {
  return status === 409 && (body.code === 'insufficient_stock' || body.code === 'item_reserved')
}

function fail(tally: Tally, call: string, { status, text }: Answer<Problem>): void {
  if (status < 500) tally.failures.push(`${call}: ${status} ${text}`)
}

type Sent = { token: string; body: object | undefined; key: string | undefined }

/** Counts a 5xx here. Returns null if the connection broke. */
async function send(
  api: Api,
  tally: Tally,
  method: string,
  path: string,
  { token, body, key }: Sent,
): Promise<Answer<Problem> | null> {
  try {
    const answer = await api<Problem>(method, path, { token, body, headers: key ? { 'Idempotency-Key': key } : {} })
    if (answer.status >= 500) tally.server_errors.push(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer
  } catch (error) {
    tally.failures.push(`${method} ${path}: ${(error as Error).message}`)
    return null
  }
}
