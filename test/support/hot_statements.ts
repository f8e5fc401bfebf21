/** The most frequent statements, and a filled database to run them on. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'
import { makeUsers } from './factory.ts'

const PEOPLE = 200
const LISTINGS = 8000

/** Opens a test database and fills it. The caller closes it. */
export async function openHotDatabase(): Promise<TestDatabase> {
  const db = await openTestDatabase()
  await makeUsers(db.sql, PEOPLE)
  // The people with carts own no shop, so no buyer buys from their own shop.
  await db.sql`insert into shops (owner_id, name) select least(id, 20), 'Shop ' || id from users order by id`
  await db.sql`
    insert into products (shop_id, title, price, quantity, created_at)
    select 1 + n % ${PEOPLE}, 'Item ' || n, 1 + n % 90, 50, now() - n * interval '1 minute'
    from generate_series(1, ${LISTINGS}::integer) n`
  // The lines of a cart are adjacent, as in a real table. If they were on all pages, a cart of 45 lines would cost as much as
  // the whole table.
  await db.sql`
    insert into cart_items (user_id, product_id) select 21 + n / 45, n from generate_series(1, ${LISTINGS}::integer) n`
  await db.sql`
    insert into sessions (user_id, token_hash, expires_at)
    select 1 + n % ${PEOPLE}, sha256(n::text::bytea), now() + interval '1 day' from generate_series(1, 4000) n`
  // 4000 checkouts of the first twenty people, each with an order. Half of them are from January 2024, half from this month.
  for (const table of ['orders', 'order_items', 'order_events']) await db.sql`select create_partition(${table}, '2024-01-01')`
  await db.sql.begin(async (tx) => {
    // The triggers that protect a written sale would refuse a sale of another month.
    await tx`set local session_replication_role = 'replica'`
    await makeSales(tx, '2024-01-15')
  })
  await makeSales(db.sql, null)
  await makeLedger(db.sql)
  await db.sql`analyze`
  return db
}

/** Makes 2000 checkouts of the current time. If `made_at` is given, makes them of that time, with ids that end in 1 to 2000. */
async function makeSales(sql: Sql, made_at: string | null): Promise<void> {
  await sql`
    with moment as (select coalesce(${made_at}::timestamptz, now()) as at),
    bought as (
      insert into checkouts (id, buyer_id, idempotency_key, status, subtotal, shipping, total, shipping_address, created_at)
      select case when ${made_at}::text is null then next_dated_id('checkouts_id_seq') else first_dated_id(at) + n end,
        1 + n % 20, at || ' ' || n, 'paid', 1, 0, 1, '{}', at
      from moment, generate_series(1, 2000) n
      returning id, buyer_id, created_at
    ),
    paid as (insert into payments (checkout_id, method, amount, status) select id, 'x', 1, 'paid' from bought),
    ordered as (
      insert into orders (id, checkout_id, buyer_id, shop_id, status, subtotal, shipping, total, ship_by, created_at)
      select case when ${made_at}::text is null then next_dated_id('orders_id_seq') else id end,
        id, buyer_id, 1 + id % ${PEOPLE}, 'paid', 1, 0, 1, created_at, created_at
      from bought
      returning id, created_at
    ),
    recorded as (insert into order_events (order_id, status, created_at) select id, 'paid', created_at from ordered)
    insert into order_items (order_id, product_id, title, quantity, price_at_purchase)
    select id, 1 + id % ${LISTINGS}, 'x', 1, 1 from ordered`
}

/**
 * Books the sales of this month, and delivers a hundred of them so long ago that their earnings are due. Makes ten old payouts for
 * each shop, and an amount for every tenth shop that a payout can have.
 */
async function makeLedger(sql: TestDatabase['sql']): Promise<void> {
  await sql`
    with sold as (
      insert into ledger_transactions (id, kind, source)
      select ledger_id(o.id), 'sale', 'checkout:' || o.checkout_id from orders o where o.created_at > now() - interval '1 day'
      returning id, source
    )
    insert into ledger_entries (transaction_id, line_no, account, shop_id, order_id, amount)
    select s.id, l.line_no, l.account, case l.line_no when 1 then o.shop_id end, o.id, l.amount
    from sold s
    join orders o on 'checkout:' || o.checkout_id = s.source
    cross join (values (1, 'seller_pending', 1), (2, 'provider', -1)) l (line_no, account, amount)`
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = 'replica'`
    await tx`
      with delivered as (
        update orders set status = 'delivered'
        where id in (select id from orders where created_at > now() - interval '1 day' order by id limit 100)
        returning id
      )
      insert into order_events (order_id, status, created_at) select id, 'delivered', now() - interval '4 days' from delivered`
  })
  await sql.begin(async (tx) => {
    // The triggers would ask for entries of payouts that are older than the ledger.
    await tx`set local session_replication_role = 'replica'`
    await tx`
      with paid as (
        insert into payouts (shop_id, provider, amount, status, paid_at)
        select 1 + n % ${PEOPLE}, 'manual', 1, 'paid', now() from generate_series(1, 2000) n returning id, shop_id
      )
      insert into transfers (transaction_id, shop_id, amount, payout_id) select p.id, p.shop_id, 1, p.id from paid p`
  })
  await sql`select adjust_balance(s.id, 100, 'a gift') from shops s where s.id % 10 = 7`
}

/** The ninth sale of January 2024: the id of its checkout and of its order. User 10 bought it. */
const OLD_SALE = 202401000000009
/** The seller of that order, in SQL. */
const OLD_SELLER = `(select s.owner_id from orders o join shops s on s.id = o.shop_id where o.id = ${OLD_SALE})`

/** Runs a function in a transaction with the planner's costs of an SSD, and rolls the transaction back. */
export async function runAndRollBack<T>(sql: TestDatabase['sql'], run: (tx: Sql) => Promise<T>): Promise<T> {
  const rollback = new Error('rolled back')
  let result: { value: T } | undefined
  await sql
    .begin(async (tx) => {
      // The embedded server has this setting. It is right for any server on an SSD.
      await tx`set local random_page_cost = 1.1`
      result = { value: await run(tx) }
      throw rollback
    })
    .catch((error) => {
      if (error !== rollback) throw error
    })
  if (!result) throw new Error('the transaction did not run')
  return result.value
}

const textOf = (name: string) => readFileSync(join(projectRoot, 'db', 'queries', `${name}.sql`), 'utf8')

export const HOT: [name: string, text: string, args: unknown[]][] = [
  ['show_cart', 'select * from show_cart(30, null)', []],
  ['products/show_product', textOf('products/show_product'), [77]],
  ['shops/show_shop', textOf('shops/show_shop'), [7]],
  ['shops/list_shop_products', textOf('shops/list_shop_products'), [7, null, 24]],
  ['shops/list_shop_products, a later page', textOf('shops/list_shop_products'), [7, ['2099-01-01T00:00:00Z', 700], 24]],
  ['sessions/find_session', textOf('sessions/find_session'), [Buffer.alloc(32)]],
  ['checkout/show_checkout', textOf('checkout/show_checkout'), [OLD_SALE, 10]],
  ['orders/show_order', textOf('orders/show_order'), [OLD_SALE, 10]],
  ['orders/list_buyer_orders', textOf('orders/list_buyer_orders'), [7, null, null, null, null, 24]],
  [
    'orders/list_buyer_orders, filtered, a later page',
    textOf('orders/list_buyer_orders'),
    [7, 'paid', '2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z', ['2098-01-01T00:00:00Z', 700], 24],
  ],
  ['orders/list_order_events', textOf('orders/list_order_events'), [OLD_SALE, 10, null, 24]],
  ['list_shop_orders', 'select * from list_shop_orders(7, 7, null, null, null, null, null, 24)', []],
  ['list_shop_orders, by status', "select * from list_shop_orders(7, 7, 'shipped', null, null, null, null, 24)", []],
  ['list_shop_orders, by time', "select * from list_shop_orders(7, 7, null, '2020-01-01', '2020-02-01', null, null, 24)", []],
  ['list_shop_orders, by buyer', 'select * from list_shop_orders(7, 7, null, null, null, 8, null, 24)', []],
  ['reserve_item', 'select * from reserve_item(30, 77)', []],
  ['change_cart_item', 'select * from change_cart_item(30, 410, 2)', []],
  ['expire_reservations', 'select * from expire_reservations()', []],
  ['checkout_split_orders', "select * from checkout_split_orders(30, 'new', '{}')", []],
  ['place_checkout', "select * from place_checkout(30, 'buy', 'new', sha256('x'), 8, '{}', 'pm_card_visa', null, 'r')", []],
  ['claim_key', "select * from claim_key(30, 'POST /v1/shops', 'new', sha256('x'), 0, 1)", []],
  ['settle_checkout', `select * from settle_checkout(${OLD_SALE}, 'paid')`, []],
  ['cancel_order', `select * from cancel_order(${OLD_SALE}, (select buyer_id from orders where id = ${OLD_SALE}))`, []],
  ['ship_lines', `select * from ship_lines(${OLD_SALE}, ${OLD_SELLER}, 'UPS', '1', null)`, []],
  ['refund_part', `select * from refund_part(${OLD_SALE}, ${OLD_SELLER}, 0.50, null, null, null, 'other', null)`, []],
  ['refunds/list_refunds', textOf('refunds/list_refunds'), [OLD_SALE, 10, null, 24]],
  ['show_balance', 'select * from show_balance(7, 7)', []],
  ['list_ledger', 'select * from list_ledger(7, 7, null, null, null, 24)', []],
  ['show_statement', "select * from show_statement(7, 7, to_char(now(), 'YYYY-MM'))", []],
  ['release_earnings', 'select release_earnings(100)', []],
  ['plan_payouts', 'select plan_payouts(10)', []],
  [
    'pending checkouts',
    "select id from checkouts where status = 'pending' and created_at < now() order by created_at limit 100",
    [],
  ],
]
