/** Makes rows for tests of the database by plain SQL. Only the constraints of the tables check them. */
import { createHash } from 'node:crypto'
import type { Pool, Sql } from '../../src/platform/db/client.ts'
import { ADDRESS } from './purchase.ts'

let made = 0

/** Returns a text that no other row of this test run has. */
export function unique(word: string): string {
  made += 1
  return `${word}-${process.pid}-${made}`
}

/** Makes a user without a usable password, and returns the id. */
export async function makeUser(sql: Sql, values: { email?: string; display_name?: string } = {}): Promise<number> {
  const { email = `${unique('user')}@example.com`, display_name = 'Ann' } = values
  const [row] = await sql<{ id: number }[]>`
    insert into users (email, password, display_name) values (${email}, '*', ${display_name}) returning id`
  return row?.id as number
}

export async function makeUsers(sql: Sql, count: number): Promise<number[]> {
  const users: number[] = []
  for (let n = 0; n < count; n++) users.push(await makeUser(sql))
  return users
}

type ShopValues = { owner_id?: number; name?: string; base?: string; per_extra_item?: string }

/** Makes a shop and returns its id. By default it has a new owner and free shipping. */
export async function makeShop(sql: Sql, values: ShopValues = {}): Promise<number> {
  const { owner_id = await makeUser(sql), name = unique('Shop'), base = '0.00', per_extra_item = '0.00' } = values
  const shipping = { base, per_extra_item, processing_days_min: 1, processing_days_max: 3 }
  const [row] = await sql<{ id: number }[]>`
    insert into shops (owner_id, name, shipping) values (${owner_id}, ${name}, ${sql.json(shipping)}) returning id`
  return row?.id as number
}

type ProductValues = { shop_id?: number; title?: string; price?: string; quantity?: number; sku?: string | null }

/** Makes a listing and returns its id. By default it is one unit at 10.00 in a new shop. */
export async function makeProduct(sql: Sql, values: ProductValues = {}): Promise<number> {
  const { shop_id = await makeShop(sql), title = unique('Mug'), price = '10.00', quantity = 1, sku = null } = values
  const [row] = await sql<{ id: number }[]>`
    insert into products (shop_id, title, price, quantity, sku) values (${shop_id}, ${title}, ${price}, ${quantity}, ${sku}) returning id`
  return row?.id as number
}

type CartLine = { quantity?: number; reserved_until?: Date | null }

/** Puts a line into a cart without the checks of the API. */
export async function putLine(sql: Sql, user_id: number, product_id: number, line: CartLine = {}): Promise<void> {
  const { quantity = 1, reserved_until = null } = line
  await sql`
    insert into cart_items (user_id, product_id, quantity, reserved_until)
    values (${user_id}, ${product_id}, ${quantity}, ${reserved_until})`
}

/** Makes every hold of a user lapse. Its end is a second in the past. */
export async function lapseHolds(sql: Sql, user_id: number): Promise<void> {
  await sql`
    update cart_items set reserved_until = clock_timestamp() - interval '1 second'
    where user_id = ${user_id} and reserved_until is not null`
  await sql`
    update holds set held_until = clock_timestamp() - interval '1 second'
    where user_id = ${user_id} and held_until > clock_timestamp()`
}

export type SplitOrder = {
  checkout_id: number
  order_id: number
  shop_id: number
  subtotal: string
  shipping: string
  total: string
}

/** Calls checkout_split_orders. The default is a new key. */
export async function splitOrders(sql: Sql, buyer_id: number, key = unique('key')): Promise<SplitOrder[]> {
  return [...(await sql<SplitOrder[]>`select * from checkout_split_orders(${buyer_id}, ${key}, ${sql.json(ADDRESS)})`)]
}

export type Sale = {
  buyer_id: number
  seller_id: number
  shop_id: number
  product_id: number
  checkout_id: number
  order_id: number
}

/** Makes one order of two units at 10.00 with 3.00 shipping, from a stock of 5. By default it is paid. */
export async function makeSale(sql: Pool, { outcome = 'paid' }: { outcome?: 'paid' | null } = {}): Promise<Sale> {
  const buyer_id = await makeUser(sql)
  const seller_id = await makeUser(sql)
  const shop_id = await makeShop(sql, { owner_id: seller_id, base: '2.00', per_extra_item: '1.00' })
  const product_id = await makeProduct(sql, { shop_id, quantity: 5 })
  await putLine(sql, buyer_id, product_id, { quantity: 2 })
  const [order] = await splitOrders(sql, buyer_id)
  if (!order) throw new Error('the sale left no order')
  if (outcome) await sql`select * from settle_checkout(${order.checkout_id}, ${outcome})`
  return { buyer_id, seller_id, shop_id, product_id, checkout_id: order.checkout_id, order_id: order.order_id }
}

export type Placed = {
  step: string
  checkout_id: number | null
  amount: string | null
  lease_until: Date | null
  body: string | null
  refusal: { code: string; message: string; detail: Record<string, unknown>; request_id: string } | null
  placed_totals: string[] | null
}
type Placing = { key?: string; body?: string; expected_total?: string | null; request_id?: string }

/** Calls place_checkout like POST /v1/checkout. `body` is the request's body. Another body makes another fingerprint. */
export async function placeCheckout(sql: Sql, buyer_id: number, placing: Placing = {}): Promise<Placed> {
  const { key = unique('key'), body = 'the body', expected_total = null, request_id = 'request-1' } = placing
  const fingerprint = createHash('sha256').update(body).digest()
  const [placed] = await sql<Placed[]>`
    select * from place_checkout(
      buyer_id => ${buyer_id}, call => 'buy', idempotency_key => ${key}, fingerprint => ${fingerprint}, lease_s => 8, shipping_address => ${sql.json(ADDRESS)},
      payment_method => 'pm_card_visa', expected_total => ${expected_total}, request_id => ${request_id})`
  return placed as Placed
}

export type Settled = {
  status: string
  body: string | null
  refusal: Placed['refusal']
  moved_totals: string[] | null
}

/** Calls settle_checkout like the call that placed the checkout. With `lease_until` null, calls it like any other caller. */
export async function settleCheckout(
  sql: Sql,
  checkout_id: number | null,
  outcome: string,
  request_id = 'request-1',
  lease_until: Date | null = new Date(Date.now() + 8000),
): Promise<Settled> {
  const [settled] = await sql<Settled[]>`
    select * from settle_checkout(
      checkout_id => ${checkout_id}, outcome => ${outcome}, provider => 'simulated', provider_reference => 'ref-1',
      request_id => ${request_id}, lease_until => ${lease_until})`
  return settled as Settled
}

/** Returns the waiting jobs of a queue, oldest first. */
export async function waitingJobs(sql: Sql, queue: string): Promise<Record<string, unknown>[]> {
  const jobs = await sql<{ data: Record<string, unknown> }[]>`
    select data from pgboss.job where name = ${queue} and state in ('created', 'retry') order by created_on, id`
  return jobs.map(({ data }) => data)
}
