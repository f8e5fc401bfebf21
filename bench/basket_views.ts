import { readBaskets } from '../loadtest/runner/baskets.ts'
import type { Sql } from '../src/platform/db/client.ts'

/** A buyer's view of a listing before the purchase. `at_s` is the time in the recorded shop. */
export type BasketView = { product_id: number; at_s: number }

/** Returns one view for each line of the shipped baskets, in the order of the sales. */
export async function readBasketViews(sql: Sql): Promise<BasketView[]> {
  const products = await sql<{ id: number; sku: string }[]>`select id, sku from products`
  const ids = new Map(products.map(({ id, sku }) => [sku, id]))
  const baskets = await readBaskets(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
  return baskets.flatMap(({ ordered_at, lines }) => {
    const at_s = Date.parse(`${ordered_at}Z`) / 1000
    return lines.flatMap(({ sku }) => (ids.has(sku) ? [{ product_id: ids.get(sku) as number, at_s }] : []))
  })
}

/** Returns the share of views that find a page cached for `ttl_s`, if the shop had `times` as many visitors. */
export function hitRateAt(views: BasketView[], times: number, ttl_s: number): number {
  const kept_until_s = new Map<number, number>()
  let hits = 0
  for (const { product_id, at_s } of views) {
    const now_s = at_s / times
    if ((kept_until_s.get(product_id) ?? 0) > now_s) hits++
    else kept_until_s.set(product_id, now_s + ttl_s)
  }
  return hits / views.length
}
