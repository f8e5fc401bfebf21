/** Runs the commands of the model on the stored functions. Each run has its own people and listings. */
import { createHash } from 'node:crypto'
import type { PostgresError } from 'postgres'
import { centsOf, dollarsOf } from '../../../src/domains/payments/cents.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { makeVariants } from '../../support/factory.ts'
import { ADDRESS } from '../../support/purchase.ts'
import { readStock } from '../../support/stock.ts'
import type { Command } from './expected.ts'
import type { SellerCommand } from './seller.ts'
import { type RefundCommand, type State, world } from './state.ts'

/** The data of one run: the ids behind the numbers of the model, and the responses of the keys so far. */
export type Playground = {
  sql: Sql
  buyers: number[]
  seller: number
  stranger: number
  shops: number[]
  products: number[]
  variants: number[]
  checkouts: number[]
  keys: { name: string; buyer: number; body: string | null }[]
}

type Placed = {
  step: string
  checkout_id: number
  amount: string
  body: string | null
  refusal: { code: string } | null
}
type Settled = { status: string; body: string | null; refusal: { code: string } | null }

/** Creates the people, shops and products of the model for a new run. */
export async function openPlayground(sql: Sql): Promise<Playground> {
  const people = await sql<{ id: number }[]>`
    insert into users (email, password, display_name)
    select gen_random_uuid() || '@prove.invalid', '*', 'Ann' from generate_series(1, ${world.buyers + 2}) returning id`
  const [seller = 0, stranger = 0, ...buyers] = people.map(({ id }) => id)
  const shops: number[] = []
  for (const { base, per_extra_item } of world.shipping) {
    const shipping = {
      base: dollarsOf(base),
      per_extra_item: dollarsOf(per_extra_item),
      processing_days_min: 1,
      processing_days_max: 3,
    }
    const [shop] = await sql<{ id: number }[]>`
      insert into shops (owner_id, name, shipping) values (${seller}, 'Kiln', ${sql.json(shipping)}) returning id`
    shops.push(shop?.id ?? 0)
  }
  const listed = await sql<{ id: number }[]>`
    insert into products (shop_id, title, price, quantity, personalization)
    select l.shop_id, 'Mug', l.price, l.quantity,
      case when l.takes_text <> 'no' then jsonb_build_object(
        'instructions', 'The name', 'is_required', l.takes_text = 'required', 'max_length', 20
      ) end
    from unnest(
      ${world.shop_of.map((shop) => shops[shop] ?? 0)}::bigint[], ${world.price.map(dollarsOf)}::numeric[],
      ${[...world.stock]}::integer[], ${[...world.takes_text]}::text[]
    ) with ordinality l (shop_id, price, quantity, takes_text, place)
    order by l.place
    returning id`
  const products = listed.map(({ id }) => id)
  const variants: number[] = []
  for (const [product, id] of products.entries()) {
    const own = world.variants.filter((variant) => variant.product === product)
    const values = own.map(({ price, quantity }, place) => ({
      option_values: [`Kind ${place}`],
      price: price === null ? null : dollarsOf(price),
      ...(quantity !== null && { quantity }),
    }))
    if (own.length > 0) variants.push(...(await makeVariants(sql, id, values)))
  }
  return { sql, buyers, seller, stranger, shops, products, variants, checkouts: [], keys: [] }
}

/** Runs the command in the database and returns its result in the form of `expectCommand`. */
export async function performCommand(playground: Playground, command: Command): Promise<string> {
  try {
    return await perform(playground, command)
  } catch (error) {
    const { code } = error as PostgresError
    if (/^SW[A-Z]{3}$/.test(code)) return code
    throw error
  }
}

async function perform(playground: Playground, command: Command): Promise<string> {
  const { sql, buyers } = playground
  const buyer = 'buyer' in command ? (buyers[command.buyer] ?? 0) : 0
  const product = 'product' in command ? (playground.products[command.product] ?? 0) : 0
  switch (command.do) {
    case 'reserve':
      await reserve(playground, buyer, command)
      return 'ok'
    case 'change':
      await sql`select * from change_cart_item(${buyer}, ${product}, ${command.quantity})`
      return 'ok'
    case 'release':
      await sql`select remove_cart_item(${buyer}, ${product})`
      return 'ok'
    case 'change_line':
      await sql`select * from change_cart_line(${buyer}, ${await findLine(playground, command)}, ${command.quantity})`
      return 'ok'
    case 'release_line':
      await sql`select remove_cart_line(${buyer}, ${await findLine(playground, command)})`
      return 'ok'
    case 'read':
      await sql`select from show_cart(${buyer}, null)`
      return 'ok'
    case 'expire': {
      const expired = await sql<{ user_id: number }[]>`select user_id from expire_reservations()`
      return `ok ${expired.filter(({ user_id }) => buyers.includes(user_id)).length}`
    }
    case 'wait':
      await travel(playground, command.minutes)
      return 'ok'
    case 'check_out': {
      const key = { name: `key-${playground.keys.length}`, buyer, body: null }
      playground.keys.push(key)
      return place(playground, key)
    }
    case 'repeat': {
      const key = playground.keys.at(-1 - command.back)
      return key ? place(playground, key) : 'none'
    }
    case 'settle': {
      const checkout_id = playground.checkouts.at(-1 - command.back)
      return checkout_id ? settle(playground, checkout_id, command.outcome) : 'none'
    }
    case 'move':
      return move(playground, command)
    case 'refund_part':
      return refundPart(playground, command)
    case 'ship_line':
      return shipLine(playground, command)
    case 'settle_refund':
      return settleRefund(playground, command)
    case 'dispute':
      return dispute(playground, command)
    default:
      return sellerDoes(playground, command)
  }
}

async function reserve(
  { sql, products, variants }: Playground,
  buyer: number,
  { item, quantity }: Extract<Command, { do: 'reserve' }>,
): Promise<void> {
  const variant = item.variant === null ? null : (variants[item.variant] ?? 0)
  await sql`select * from reserve_item(${buyer}, ${products[item.product] ?? 0}, ${quantity}, ${variant}, ${item.text})`
}

async function findLine(
  { sql, buyers }: Playground,
  { buyer, is_foreign, line }: Extract<Command, { do: 'change_line' | 'release_line' }>,
): Promise<number> {
  const lines = await sql<{ id: number }[]>`
    select id from cart_items where user_id = ${buyers[(buyer + (is_foreign ? 1 : 0)) % buyers.length] ?? 0} order by id`
  return lines[line % lines.length]?.id ?? 0
}

async function sellerDoes({ sql, seller, products, variants }: Playground, command: SellerCommand): Promise<string> {
  const product = 'product' in command ? (products[command.product] ?? 0) : 0
  const variant = 'variant' in command ? (variants[command.variant] ?? 0) : 0
  switch (command.do) {
    case 'set_stock':
      await sql`select from set_quantity(${product}, ${seller}, ${command.quantity}, null)`
      return 'ok'
    case 'set_price':
      await sql`select from update_product(${product}, ${seller}, ${sql.json({ price: dollarsOf(command.price) })})`
      return 'ok'
    case 'set_variant_stock':
      await sql`select from set_variant_quantity(${variant}, ${seller}, ${command.quantity}, null)`
      return 'ok'
    case 'set_variant_price': {
      const price = command.price === null ? null : dollarsOf(command.price)
      await sql`select from update_variant(${variant}, ${seller}, ${sql.json({ price })})`
      return 'ok'
    }
    case 'archive_variant':
      await sql`select archive_variant(${variant}, ${seller})`
      return 'ok'
    case 'switch_stock': {
      const offered = await sql<{ id: number }[]>`
        select id from variants where product_id = ${product} and archived_at is null order by id`
      const more =
        command.stock_by === 'variant'
          ? { variant_quantities: offered.map(({ id }, place) => ({ variant_id: id, quantity: command.quantities[place] ?? 0 })) }
          : command.quantity === null
            ? {}
            : { quantity: command.quantity }
      await sql`select from update_product(${product}, ${seller}, ${sql.json({ stock_by: command.stock_by, ...more })})`
      return 'ok'
    }
  }
}

/** Lets time pass: every hold of the run ends `minutes` earlier. */
async function travel({ sql, buyers, checkouts }: Playground, minutes: number): Promise<void> {
  await sql`
    update cart_items set reserved_until = reserved_until - make_interval(mins => ${minutes})
    where user_id = any (${buyers}::bigint[])`
  await sql`
    update holds set held_until = held_until - make_interval(mins => ${minutes}) where user_id = any (${buyers}::bigint[])`
  await sql`
    update checkout_lines set reserved_until = reserved_until - make_interval(mins => ${minutes})
    where checkout_id = any (${checkouts}::bigint[])`
}

async function place({ sql, checkouts }: Playground, key: Playground['keys'][number]): Promise<string> {
  const fingerprint = createHash('sha256').update(key.name).digest()
  const [placed] = await sql<Placed[]>`
    select * from place_checkout(
      buyer_id => ${key.buyer}, call => 'buy', idempotency_key => ${key.name}, fingerprint => ${fingerprint}, lease_s => 600,
      shipping_address => ${sql.json(ADDRESS)},
      payment_method => 'pm_card_visa', expected_total => null, request_id => 'request')`
  if (!placed) throw new Error('place_checkout returned no row')
  if (placed.step === 'charge') {
    checkouts.push(placed.checkout_id)
    return `charge ${centsOf(placed.amount)}`
  }
  if (placed.body !== null && placed.body !== key.body) return `${placed.step} ${shortenResponse(placed)} in other bytes`
  return `${placed.step} ${shortenResponse(placed)}`
}

async function settle({ sql, keys }: Playground, checkout_id: number, outcome: string): Promise<string> {
  const [placed] = await sql<{ buyer: number; name: string | null }[]>`
    select buyer_id as buyer, idempotency_key as name from checkouts where id = ${checkout_id}`
  const [settled] = await sql<Settled[]>`
    select * from settle_checkout(
      checkout_id => ${checkout_id}, outcome => ${outcome}, provider => 'simulated', provider_reference => ${chargeOf(checkout_id)},
      request_id => 'request',
      lease_until => now() + interval '10 minutes')`
  if (!settled) throw new Error('settle_checkout returned no row')
  const key = keys.find(({ name, buyer }) => name === placed?.name && buyer === placed?.buyer)
  if (key) key.body ??= settled.body
  return `${settled.status} ${shortenResponse(settled)}`
}

/** Returns the stored response of a key in short: the code of the error, or the status of the checkout. */
function shortenResponse({ body, refusal }: Pick<Settled, 'body' | 'refusal'>): string {
  return refusal?.code ?? JSON.parse(body ?? 'null').status
}

async function move(playground: Playground, { back, move, who }: Extract<Command, { do: 'move' }>): Promise<string> {
  const { sql, seller, stranger } = playground
  const order = await findOrder(playground, back)
  if (!order) return 'none'
  const user = who === 'buyer' ? order.buyer_id : who === 'seller' ? seller : stranger
  const statements = {
    ship: () => sql`select body from ship_order(${order.id}, ${user}, 'UPS', '1Z')`,
    deliver: () => sql`select body from deliver_order(${order.id}, ${user})`,
    cancel: () => sql`select body from cancel_order(${order.id}, ${user})`,
    refund: () => sql`select body from refund_order(${order.id}, ${user})`,
    receive: () => sql`select body from receive_order(${order.id}, ${user})`,
  }
  const [moved] = await statements[move as keyof typeof statements]()
  return `ok ${(JSON.parse(moved?.body) as { status: string }).status}`
}

type FoundOrder = { id: number; buyer_id: number; checkout_id: number; lines: number[] }

async function findOrder({ sql, checkouts }: Playground, back: number): Promise<FoundOrder | undefined> {
  const orders = await sql<FoundOrder[]>`
    select o.id, o.buyer_id, o.checkout_id,
      array(select oi.id from order_items oi where oi.order_id = o.id order by oi.id) as lines
    from orders o where o.checkout_id = any (${checkouts}::bigint[]) order by o.checkout_id, o.shop_id`
  return orders.at(-1 - back)
}

const itemsOf = (sql: Sql, order: FoundOrder, { line, quantity }: { line: number; quantity: number }) =>
  sql.json([{ line_id: order.lines[line % order.lines.length] as number, quantity }])

async function refundPart(playground: Playground, command: RefundCommand): Promise<string> {
  const { sql, seller } = playground
  const order = await findOrder(playground, command.back)
  if (!order) return 'none'
  const { part, amount, restock } = command
  const [refund] = await sql<{ body: string }[]>`
    select body from refund_part(
      ${order.id}, ${seller}, ${part === 'amount' ? dollarsOf(amount) : null},
      ${part === 'line' ? itemsOf(sql, order, command) : null}, ${part === 'shipping' ? dollarsOf(amount) : null},
      ${restock}, 'other', null)`
  return `ok ${centsOf((JSON.parse(refund?.body as string) as { amount: string }).amount)}`
}

async function shipLine(playground: Playground, command: Extract<Command, { do: 'ship_line' }>): Promise<string> {
  const { sql, seller } = playground
  const order = await findOrder(playground, command.back)
  if (!order) return 'none'
  const [sent] = await sql<{ order_status: string }[]>`
    select order_status from ship_lines(${order.id}, ${seller}, 'UPS', '1Z', ${itemsOf(sql, order, command)})`
  return `ok ${sent?.order_status}`
}

async function settleRefund(
  { sql, checkouts }: Playground,
  { back, outcome }: Extract<Command, { do: 'settle_refund' }>,
): Promise<string> {
  const refunds = await sql<{ id: number }[]>`
    select r.id from refunds r join orders o on o.id = r.order_id where o.checkout_id = any (${checkouts}::bigint[]) order by r.id`
  const refund = refunds.at(-1 - back)
  if (!refund) return 'none'
  await sql`select from settle_refund(${refund.id}, ${outcome}, ${`re_${refund.id}`})`
  return 'ok'
}

async function dispute(playground: Playground, { back, status }: Extract<Command, { do: 'dispute' }>): Promise<string> {
  const { sql } = playground
  const order = await findOrder(playground, back)
  if (!order) return 'none'
  const charge = chargeOf(order.checkout_id)
  await sql`
    select from checkouts c join payments p on p.checkout_id = c.id
    cross join lateral apply_dispute_event('simulated', ${crypto.randomUUID()}, ${charge}, 'dp', p.amount, 'usd', ${status})
    where c.id = ${order.checkout_id} and c.status = 'paid'`
  return 'ok'
}

/** The provider's id of the charge of a checkout. */
const chargeOf = (checkout_id: number): string => `sim_${checkout_id}`

/** Reads the state of the database in one snapshot, in the form of `stateOf`. */
export async function readState({ sql, buyers, shops, products, variants, checkouts }: Playground): Promise<State> {
  const [row] = await sql<{ state: string }[]>`
    select json_build_object(
      'products', (
        select json_agg(json_build_array(
          p.quantity, p.stock_by, p.price::text, coalesce(p.highest_price, p.price)::text
        ) order by p.id)
        from products p where p.id = any (${products}::bigint[])),
      'variants', (
        select json_agg(json_build_array(v.quantity, v.price::text, v.archived_at is not null) order by v.id)
        from variants v where v.id = any (${variants}::bigint[])),
      'sales', (select json_agg(s.sales_count order by s.id) from shops s where s.id = any (${shops}::bigint[])),
      'owed', (
        select json_agg(coalesce(b.pending + b.available + b.in_transit, 0)::numeric(12, 2)::text order by s.id)
        from shops s left join shop_balances b on b.shop_id = s.id where s.id = any (${shops}::bigint[])),
      'carts', (
        select coalesce(json_agg(json_build_array(
          array_position(${buyers}::bigint[], ci.user_id) - 1, array_position(${products}::bigint[], ci.product_id) - 1,
          array_position(${variants}::bigint[], ci.variant_id) - 1, ci.personalization,
          array_position(${variants}::bigint[], ci.stock_variant_id) - 1, ci.quantity,
          round(extract(epoch from ci.reserved_until - clock_timestamp()) / 60)
        ) order by ci.user_id, ci.id), '[]')
        from cart_items ci where ci.user_id = any (${buyers}::bigint[])),
      'checkouts', (
        select coalesce(json_agg(json_build_array(
          c.status, p.status, p.amount::text, p.refunded::text, exists (select from late_charges lc where lc.payment_id = p.id),
          (
            select json_agg(json_build_array(
              o.status, o.total::text, o.refunded::text, (select count(*) from shipments s where s.order_id = o.id),
              (
                select json_agg(json_build_array(
                  array_position(${products}::bigint[], oi.product_id) - 1,
                  array_position(${variants}::bigint[], oi.variant_id) - 1, oi.personalization, oi.quantity,
                  oi.price_at_purchase::text
                ) order by oi.id)
                from order_items oi where oi.order_id = o.id
              ),
              (
                select coalesce(json_agg(json_build_array(
                  r.status, r.amount::text,
                  (select coalesce(sum(ri.restocked), 0) from refund_items ri where ri.refund_id = r.id)
                ) order by r.id), '[]')
                from refunds r where r.order_id = o.id
              )
            ) order by o.shop_id)
            from orders o where o.checkout_id = c.id
          )
        ) order by c.id), '[]')
        from checkouts c join payments p on p.checkout_id = c.id where c.id = any (${checkouts}::bigint[])),
      'wrong_trails', (
        select count(*) from orders o
        where o.checkout_id = any (${checkouts}::bigint[]) and replay_order(o.id) is distinct from order_facts(o))
    ) as state`
  return JSON.parse(row?.state ?? '{}') as State
}

/** Reads the units of each stock that are on hand or in orders, in the form of `stocksOf`. */
export async function readStocks({ sql, products, variants }: Playground): Promise<[number, number | null, number][]> {
  const stocks = await readStock(sql, products)
  return stocks.map(({ product_id, variant_id, ever }) => [
    products.indexOf(product_id),
    variant_id === null ? null : variants.indexOf(variant_id),
    ever,
  ])
}
