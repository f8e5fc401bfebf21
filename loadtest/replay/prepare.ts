import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../../src/platform/db/client.ts'
import type { Basket } from './baskets.ts'

/** A basket ready to be sent: its buyer's token, and the products behind its skus. */
export type Purchase = { number: string; buyer: string; token: string; lines: PurchaseLine[] }
export type PurchaseLine = { product_id: number; quantity: number }

/** What is to be sent, how many lines name no listing, and each product's stock at the beginning. */
export type Plan = { purchases: Purchase[]; unknown_lines: number }

/** So that some are served and some refused. */
const SHARE_IN_STOCK = 0.9

/** Finds the products, sets every product's stock to nine tenths of what the baskets ask for, and makes the buyers. */
export async function prepareReplay(sql: Sql, baskets: Basket[]): Promise<Plan> {
  const products = await sql<{ id: number; sku: string }[]>`select id, sku from products`
  const ids = new Map(products.map(({ id, sku }) => [sku, id]))
  const tokens = await registerBuyers(sql, new Set(baskets.map(buyerOf)))
  const purchases: Purchase[] = []
  let unknown_lines = 0
  for (const basket of baskets) {
    const buyer = buyerOf(basket)
    const lines = basket.lines.flatMap(({ sku, quantity }) =>
      ids.has(sku) ? [{ product_id: ids.get(sku) as number, quantity }] : [],
    )
    unknown_lines += basket.lines.length - lines.length
    if (lines.length > 0) purchases.push({ number: basket.number, buyer, token: tokens.get(buyer) as string, lines })
  }
  await stockProducts(sql, purchases)
  return { purchases, unknown_lines }
}

/** A known customer is one buyer however often they come; an unknown one is a new buyer each time. */
function buyerOf({ number, customer }: Basket): string {
  return customer === '0' ? `basket-${number}` : `customer-${customer}`
}

async function stockProducts(sql: Sql, purchases: Purchase[]): Promise<void> {
  const asked = new Map<number, number>()
  for (const { lines } of purchases)
    for (const { product_id, quantity } of lines) asked.set(product_id, (asked.get(product_id) ?? 0) + quantity)
  const stock = [...asked.values()].map((quantity) => Math.floor(quantity * SHARE_IN_STOCK))
  await sql`update products set quantity = 0 where quantity <> 0 and id <> all (${[...asked.keys()]}::bigint[])`
  await sql`
    update products p set quantity = s.quantity
    from unnest(${[...asked.keys()]}::bigint[], ${stock}::integer[]) s (id, quantity)
    where p.id = s.id`
  await sql`create table replay_stock as select id as product_id, quantity from products`
}

/** Buyers and sessions go straight into the tables: hashing thousands of passwords is another benchmark. */
async function registerBuyers(sql: Sql, buyers: Set<string>): Promise<Map<string, string>> {
  const tokens = new Map([...buyers].map((buyer) => [buyer, `sw_${randomBytes(32).toString('base64url')}`]))
  const hashes = [...tokens.values()].map((token) => createHash('sha256').update(token).digest('hex'))
  await sql`
    with buyer as (
      select b.name, b.hash from unnest(${[...tokens.keys()]}::text[], ${hashes}::text[]) b (name, hash)
    ),
    registered as (
      insert into users (email, password, display_name) select b.name || '@replay.invalid', '*', b.name from buyer b
      returning id, display_name
    )
    insert into sessions (user_id, token_hash, expires_at)
    select r.id, decode(b.hash, 'hex'), now() + interval '1 day'
    from registered r join buyer b on b.name = r.display_name`
  return tokens
}
