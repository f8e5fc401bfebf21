import type { Purchase, PurchaseLine } from './prepare.ts'

/** What happened so far. `checkout_ms` holds every answered checkout call; `failures` what should never occur. */
export type Tally = {
  baskets: number
  checkouts: number
  pending: number
  orders: number
  lines: number
  refused_lines: number
  empty_baskets: number
  server_errors: number
  failures: string[]
  checkout_ms: number[]
}

type Answer = { status: number; body: { code?: string; product_id?: number; orders?: unknown[] } }

export function newTally(): Tally {
  return {
    baskets: 0,
    checkouts: 0,
    pending: 0,
    orders: 0,
    lines: 0,
    refused_lines: 0,
    empty_baskets: 0,
    server_errors: 0,
    failures: [],
    checkout_ms: [],
  }
}

const address = { name: 'A. Customer', line1: '1 High Street', city: 'London', postal_code: 'N1 9GU', country: 'GB' }
const order = JSON.stringify({ shipping_address: address, payment_method: 'pm_card_visa' })

/** Sends every purchase, so many at a time; a buyer's own come one after the other, since they share a cart. */
export async function sendPurchases(
  url: string,
  purchases: Purchase[],
  concurrency: number,
  tally: Tally,
  onProgress: () => void,
): Promise<void> {
  const waiting = purchases.values()
  const lastOf = new Map<string, Promise<void>>()
  const work = async () => {
    for (const purchase of waiting) {
      const done = (lastOf.get(purchase.buyer) ?? Promise.resolve()).then(() => sendPurchase(url, purchase, tally))
      lastOf.set(purchase.buyer, done)
      await done
      tally.baskets++
      onProgress()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}

/** Fills the cart, then checks out; what is refused for lack of stock is left out and the rest goes on. */
async function sendPurchase(url: string, { number, token, lines }: Purchase, tally: Tally): Promise<void> {
  const call = (method: string, path: string, body?: string, key?: string) => send(url, token, method, path, tally, body, key)
  let inCart = 0
  for (const line of lines) {
    const added = await call('POST', '/v1/cart/items', JSON.stringify(line satisfies PurchaseLine))
    tally.lines++
    if (added?.status === 201) inCart++
    else if (added && isRefusal(added)) tally.refused_lines++
    else if (added) fail(tally, 'POST /v1/cart/items', added)
  }
  for (let attempt = 1; inCart > 0; attempt++, inCart--) {
    const began = performance.now()
    const paid = await call('POST', '/v1/checkout', order, `basket-${number}-${attempt}`)
    if (!paid) return
    tally.checkout_ms.push(performance.now() - began)
    if (paid.status === 201 || paid.status === 202) return countCheckout(paid, tally)
    if (!isRefusal(paid)) return fail(tally, 'POST /v1/checkout', paid)
    const removed = await call('DELETE', `/v1/cart/items/${paid.body.product_id}`)
    if (removed?.status !== 204) return removed ? fail(tally, 'DELETE /v1/cart/items', removed) : undefined
    tally.refused_lines++
  }
  tally.empty_baskets++
}

function countCheckout({ status, body }: Answer, tally: Tally): void {
  tally.checkouts++
  tally.orders += body.orders?.length ?? 0
  if (status === 202) tally.pending++
}

function isRefusal({ status, body }: Answer): boolean {
  return status === 409 && (body.code === 'insufficient_stock' || body.code === 'item_reserved')
}

function fail(tally: Tally, call: string, { status, body }: Answer): void {
  if (status < 500) tally.failures.push(`${call}: ${status} ${JSON.stringify(body)}`)
}

/** One call; a 5xx or a broken connection is counted here, and null stands for the latter. */
async function send(
  url: string,
  token: string,
  method: string,
  path: string,
  tally: Tally,
  body?: string,
  key?: string,
): Promise<Answer | null> {
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(body ? { 'Content-Type': 'application/json' } : {}),
    ...(key ? { 'Idempotency-Key': key } : {}),
  }
  try {
    const response = await fetch(url + path, { method, headers, ...(body ? { body } : {}) })
    if (response.status >= 500) tally.server_errors++
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  } catch (error) {
    tally.failures.push(`${method} ${path}: ${(error as Error).message}`)
    return null
  }
}
