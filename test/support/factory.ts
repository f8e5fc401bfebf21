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

/** As many ids as the literal `Count` says, so that they can be destructured. */
type Ids<Count extends number, Made extends number[] = []> = number extends Count
  ? number[]
  : Made['length'] extends Count
    ? Made
    : Ids<Count, [...Made, number]>

/** Makes users and returns their ids, in ascending order. */
export async function makeUsers<Count extends number>(sql: Sql, count: Count): Promise<Ids<Count>> {
  const users: number[] = []
  for (let n = 0; n < count; n++) users.push(await makeUser(sql))
  return users as Ids<Count>
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
    insert into products (shop_id, title, price, quantity, sku) values (${shop_id}, ${title}, ${price}, ${quantity}, ${sku})
    returning id`
  return row?.id as number
}

/** Makes listings and returns their ids, in ascending order. By default each has its own shop. */
export async function makeProducts<Count extends number>(
  sql: Sql,
  count: Count,
  values: Omit<ProductValues, 'sku'> = {},
): Promise<Ids<Count>> {
  const products: number[] = []
  for (let n = 0; n < count; n++) products.push(await makeProduct(sql, values))
  return products as Ids<Count>
}

type VariantValues = { option_values: string[]; price?: string | null; quantity?: number; sku?: string | null }

/**
 * Gives a listing variants and returns their ids. Variants with a `quantity` have stock of their own; without one, all take the
 * stock of the listing.
 */
export async function makeVariants(sql: Sql, product_id: number, variants: VariantValues[]): Promise<number[]> {
  const values = [...new Set(variants.map(({ option_values }) => option_values[0]))]
  await sql`
    insert into product_options (product_id, position, name, option_values)
    values (${product_id}, 1, 'Choice', ${values as string[]})`
  const given = variants.map(({ option_values: [value], ...rest }) => ({ value, ...rest }))
  const rows = await sql<{ id: number }[]>`
    insert into variants (product_id, shop_id, option_values, price, quantity, sku)
    select p.id, p.shop_id, array[v.value], v.price, v.quantity, v.sku
    from products p cross join jsonb_to_recordset(${sql.json(given)}) as v (value text, price numeric, quantity integer, sku text)
    where p.id = ${product_id}
    returning id`
  return rows.map(({ id }) => id)
}

type CartLine = { quantity?: number; reserved_until?: Date | null; variant_id?: number | null; personalization?: string | null }

/** Puts a line into a cart without the checks of the API. */
export async function putLine(sql: Sql, user_id: number, product_id: number, line: CartLine = {}): Promise<void> {
  const { quantity = 1, reserved_until = null, variant_id = null, personalization = null } = line
  await sql`
    insert into cart_items (user_id, product_id, variant_id, quantity, reserved_until, personalization)
    values (${user_id}, ${product_id}, ${variant_id}, ${quantity}, ${reserved_until}, ${personalization})`
}

/** Makes a user whose cart has one unit of each product. */
export async function makeBuyer(sql: Sql, ...product_ids: number[]): Promise<number> {
  const buyer = await makeUser(sql)
  for (const product_id of product_ids) await putLine(sql, buyer, product_id)
  return buyer
}

export type Reserved = { success: boolean; reserved_until: Date | null; is_new_hold: boolean; line_id: number }

/** Calls reserve_item. */
export async function reserve(
  sql: Sql,
  user_id: number,
  product_id: number,
  quantity = 1,
  variant_id: number | null = null,
): Promise<Reserved> {
  const [reserved] = await sql<Reserved[]>`select * from reserve_item(${user_id}, ${product_id}, ${quantity}, ${variant_id})`
  return reserved as Reserved
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

/** Calls checkout_split_orders. The default is a new key. It returns at least one order, or throws. */
export async function splitOrders(sql: Sql, buyer_id: number, key = unique('key'), expected_total: string | null = null) {
  const orders = await sql<SplitOrder[]>`
    select * from checkout_split_orders(${buyer_id}, ${key}, ${sql.json(ADDRESS)}, expected_total => ${expected_total}::numeric)`
  return [...orders] as [SplitOrder, ...SplitOrder[]]
}

export type Sale = {
  buyer_id: number
  seller_id: number
  shop_id: number
  product_id: number
  checkout_id: number
  order_id: number
}

type SaleValues = {
  outcome?: 'paid' | null
  shop?: Pick<Sale, 'seller_id' | 'shop_id'> | undefined
  personalization?: string | null
}

/** Makes one order of two units at 10.00 with 3.00 shipping, from a stock of 5. By default it is paid, and from a new shop. */
export async function makeSale(sql: Pool, { outcome = 'paid', shop, personalization = null }: SaleValues = {}): Promise<Sale> {
  const buyer_id = await makeUser(sql)
  const seller_id = shop?.seller_id ?? (await makeUser(sql))
  const rates = { base: '2.00', per_extra_item: '1.00' }
  const shop_id = shop?.shop_id ?? (await makeShop(sql, { owner_id: seller_id, ...rates }))
  const product_id = await makeProduct(sql, { shop_id, quantity: 5 })
  if (personalization !== null) {
    const rule = { instructions: 'A text', is_required: false, max_length: 1024 }
    await sql`update products set personalization = ${sql.json(rule)} where id = ${product_id}`
  }
  await putLine(sql, buyer_id, product_id, { quantity: 2, personalization })
  const [{ checkout_id, order_id }] = await splitOrders(sql, buyer_id)
  if (outcome) await sql`select * from settle_checkout(${checkout_id}, ${outcome})`
  return { buyer_id, seller_id, shop_id, product_id, checkout_id, order_id }
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
type Placing = {
  key?: string
  body?: string
  expected_total?: string | null
  request_id?: string
  amount_limits?: { min: string; max: string }
  notes?: { shop_id: number; note?: string; is_gift?: boolean; gift_message?: string }[]
  country?: string
  shipping_options?: { shop_id: number; upgrade_id: number }[]
}

/** Calls place_checkout like POST /v1/checkout. `body` is the request's body. Another body makes another fingerprint. */
export async function placeCheckout(sql: Sql, buyer_id: number, placing: Placing = {}): Promise<Placed> {
  const {
    key = unique('key'),
    body = 'the body',
    expected_total = null,
    request_id = 'request-1',
    amount_limits = null,
    notes = null,
    country = ADDRESS.country,
    shipping_options = null,
  } = placing
  const fingerprint = createHash('sha256').update(body).digest()
  const [placed] = await sql<Placed[]>`
    select * from place_checkout(
      buyer_id => ${buyer_id}, call => 'buy', idempotency_key => ${key}, fingerprint => ${fingerprint}, lease_s => 8,
      shipping_address => ${sql.json({ ...ADDRESS, country })}, payment_method => 'pm_card_visa',
      expected_total => ${expected_total}, request_id => ${request_id},
      amount_limits => ${amount_limits as never}::jsonb, notes => ${notes as never}::jsonb,
      shipping_options => ${shipping_options as never}::jsonb)`
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

/** Returns who was mailed what about a fact, in the order of the rows: `['order_sold 7']` for the person 7. */
export async function mailsAbout(sql: Sql, kind: string, fact_id: number): Promise<string[]> {
  const mails = await sql<{ mail: string }[]>`
    select m.kind || ' ' || m.user_id as mail from mails m where m.kind = ${kind} and m.fact_id = ${fact_id} order by m.id`
  return mails.map(({ mail }) => mail)
}
