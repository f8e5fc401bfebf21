import { describe, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import type { Sale } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

/** The tables reject wrong data by themselves: each statement is raw SQL without any function. */

const db = await testDatabase()
const sale = await db.makeSale()
await db.sql`select refund_part(${sale.order_id}, ${sale.seller_id}, 1.00, null, null, null, 'other', null)`

/** Replaces `$buyer_id` and the like by the ids of the sale. */
const fill = (statement: string) => statement.replace(/\$(\w+)/g, (_, name) => String(sale[name as keyof Sale]))

/** Returns the insert of a row. The values are SQL. */
const insert = (table: string, row: Record<string, string | number>) =>
  `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')})`
/** Returns the same insert twice in one statement. */
const insertTwice = (table: string, row: Record<string, string | number>) =>
  insert(table, row).replace(/ values \((.*)\)$/s, ' select $1 from generate_series(1, 2)')

const PRODUCT = { shop_id: '$shop_id', title: "'x'", price: 1 }
const CHECKOUT = { buyer_id: '$buyer_id', subtotal: 5, shipping: 2, total: 7, shipping_address: "'{}'" }
const ORDER = { checkout_id: '$checkout_id', buyer_id: '$buyer_id', shop_id: '$shop_id', subtotal: 5, shipping: 2, total: 7 }
const AMOUNT_COLUMNS = ['subtotal', 'discount', 'shipping', 'tax', 'total']
/** Amounts that neither a checkout nor an order can have. */
const AMOUNTS: [rule: string, amounts: Record<string, number>][] = [
  ['amounts_are_not_negative', { subtotal: -1, total: 1 }],
  ['amounts_are_not_negative', { discount: -1, total: 8 }],
  ['amounts_are_not_negative', { shipping: -2, total: 3 }],
  ['amounts_are_not_negative', { tax: -1, total: 6 }],
  ['discount_is_within_subtotal', { discount: 6, total: 1 }],
  ['total_is_its_parts', { total: 8 }],
  ['total_is_its_parts', { discount: 1 }],
  ['total_is_its_parts', { tax: 1 }],
]
const REVIEW = { order_id: '$order_id', reviewer_id: '$buyer_id', shop_id: '$shop_id', rating: 5 }
const LINE = { user_id: '$buyer_id', product_id: '$product_id' }
const SESSION = { user_id: '$buyer_id', token_hash: "sha256('x')", expires_at: "now() + interval '1 day'" }
const KEY = { user_id: '$buyer_id', call: "'x'", key: "'x'", fingerprint: "sha256('x')", locked_until: 'now()' }
const COUNTS = { views: 1, favorites: 1, carts: 1, orders: 1, units: 1, revenue: 1, refunded: 1 }
const DAY = { shop_id: '$shop_id', day: "'2026-03-03'", ...COUNTS }

const BY_CONSTRAINT: [constraint: string, statement: string][] = [
  ['products_quantity_is_not_negative', 'update products set quantity = -1 where id = $product_id'],
  ['products_price_is_positive', 'update products set price = 0 where id = $product_id'],
  ['products_title_has_1_to_200_characters', "update products set title = repeat('x', 201) where id = $product_id"],
  ['products_title_has_1_to_200_characters', "update products set title = '' where id = $product_id"],
  ['products_tags_are_at_most_13', "update products set tags = array_fill('x'::text, array[14]) where id = $product_id"],
  ['products_tags_are_at_most_13', "update products set tags = array['x', null] where id = $product_id"],
  ['products_images_are_at_most_10', "update products set images = array_fill('x'::text, array[11]) where id = $product_id"],
  ['products_who_made_is_known', "update products set who_made = 'robots' where id = $product_id"],
  ['products_shop_id_fkey', 'update products set shop_id = 999999 where id = $product_id'],
  ['products_category_id_fkey', 'update products set category_id = 999999 where id = $product_id'],
  ['products_shop_id_sku_key', insertTwice('products', { ...PRODUCT, sku: "'same'" })],
  ['shops_shipping_is_a_profile', `update shops set shipping = shipping || '{"base": "-1"}' where id = $shop_id`],
  ['shops_shipping_is_a_profile', "update shops set shipping = shipping - 'base' where id = $shop_id"],
  ['shops_shipping_is_a_profile', `update shops set shipping = shipping || '{"processing_days_max": 0}' where id = $shop_id`],
  ['shops_rating_is_from_1_to_5', 'update shops set rating = 6 where id = $shop_id'],
  ['shops_sales_count_is_not_negative', 'update shops set sales_count = -1 where id = $shop_id'],
  [
    'users_account_email_key',
    'update users set email = (select upper(email) from users where id = $seller_id) where id = $buyer_id',
  ],
  ['users_email_has_a_sane_length', "update users set email = 'a@' || repeat('abcdefg.', 32) || 'com' where id = $buyer_id"],
  ['users_display_name_has_a_sane_length', "update users set display_name = '' where id = $buyer_id"],
  ['categories_slug_is_url_safe', "insert into categories (name, slug) values ('A', 'A b')"],
  ['categories_parent_id_name_key', "insert into categories (name, slug) values ('A', 'a'), ('A', 'b')"],
  [
    'categories_parent_id_is_another_category',
    "insert into categories (id, name, slug, parent_id) overriding system value values (77, 'B', 'b', 77)",
  ],
  ['cart_items_quantity_is_positive', insert('cart_items', { ...LINE, quantity: 0 })],
  [
    'cart_items_product_id_stock_variant_id_hold_key',
    `insert into cart_items (user_id, product_id, reserved_until)
     values ($buyer_id, $product_id, now()), ($seller_id, $product_id, now())`,
  ],
  ['reviews_rating_is_from_1_to_5', insert('reviews', { ...REVIEW, rating: 6 })],
  ['reviews_rating_is_from_1_to_5', insert('reviews', { ...REVIEW, rating: 0 })],
  ['reviews_order_id_key', insertTwice('reviews', REVIEW)],
  ['favorites_fav_type_is_known', insert('favorites', { user_id: '$buyer_id', fav_type: "'hat'", fav_id: 1 })],
  ['orders_checkout_id_shop_id_key', insert('orders', ORDER)],
  ['orders_status_is_known', "update orders set status = 'lost' where id = $order_id"],
  ['orders_shipped_with_tracking', "update orders set status = 'shipped' where id = $order_id"],
  ['orders_tracking_names_carrier_and_number', `update orders set tracking = '{"carrier": "DHL"}' where id = $order_id`],
  ['order_items_pkey', 'insert into order_items select * from order_items where order_id = $order_id'],
  ['orders_refunded_is_within_total', 'update orders set refunded = total + 0.01 where id = $order_id'],
  ['orders_refunded_is_within_total', 'update orders set refunded = -0.01 where id = $order_id'],
  ['orders_ship_to_country_is_two_capital_letters', "update orders set ship_to_country = 'us' where id = $order_id"],
  ['orders_note_has_1_to_500_characters', "update orders set note = '' where id = $order_id"],
  ['orders_gift_message_has_1_to_500_characters', "update orders set gift_message = repeat('x', 501) where id = $order_id"],
  ...AMOUNTS.flatMap(([rule, amounts]): [string, string][] => [
    [`checkouts_${rule}`, insert('checkouts', { ...CHECKOUT, ...amounts })],
    [`orders_${rule}`, insert('orders', { ...ORDER, ...amounts })],
  ]),
  ['order_events_status_is_known', "insert into order_events (order_id, status) values ($order_id, 'lost')"],
  ['checkouts_status_is_known', "update checkouts set status = 'lost' where id = $checkout_id"],
  ['checkouts_buyer_id_idempotency_key_key', insertTwice('checkouts', { ...CHECKOUT, idempotency_key: "'k'" })],
  ['payments_checkout_id_key', "insert into payments (checkout_id, method, amount) values ($checkout_id, 'x', 23)"],
  ['payments_refunded_is_within_amount', 'update payments set refunded = amount + 0.01 where checkout_id = $checkout_id'],
  ['payments_status_is_one_of_seven', "update payments set status = 'lost' where checkout_id = $checkout_id"],
  [
    'payments_next_action_belongs_to_requires_action',
    `update payments set next_action = '{"type": "x"}' where checkout_id = $checkout_id`,
  ],
  [
    'payments_next_action_has_a_type',
    "update payments set status = 'requires_action', next_action = '{}' where checkout_id = $checkout_id",
  ],
  ['checkouts_fingerprint_has_16_bytes', "update checkouts set fingerprint = 'x' where id = $checkout_id"],
  ['refunds_status_is_one_of_four', "update refunds set status = 'lost' where order_id = $order_id"],
  ['refunds_reason_is_known', "update refunds set reason = 'x' where order_id = $order_id"],
  ['refunds_note_has_1_to_1000_characters', "update refunds set note = '' where order_id = $order_id"],
  ['sessions_token_hash_is_a_sha256', insert('sessions', { ...SESSION, token_hash: "'short'" })],
  ['idempotency_keys_fingerprint_is_a_sha256', insert('idempotency_keys', { ...KEY, fingerprint: "'short'" })],
  ['shop_statistics_figures_are_not_negative', insert('shop_statistics', { ...DAY, refunded: -0.01 })],
  ['shop_statistics_figures_are_not_negative', insert('shop_statistics', { ...DAY, carts: -1 })],
  [
    'cart_additions_lines_is_positive',
    insert('cart_additions', { product_id: '$product_id', added_on: "'2026-03-03'", lines: 0 }),
  ],
  ['product_views_views_is_positive', 'insert into product_views (product_id, views) values ($product_id, 0)'],
]

test.each(BY_CONSTRAINT)('%s: %s', async (constraint, statement) => {
  const refusal = await refusalOf(db.sql.unsafe(fill(statement)))
  // The constraint of a partition has the month in its name.
  expect(refusal.constraint?.replace(/_\d{6}_/, '_')).toBe(constraint)
})

test.each([
  'insert into favorites (user_id, fav_type, fav_id) values (null, null, null)',
  'update products set title = null where id = $product_id',
])('a column that is not null refuses null: %s', async (statement) => {
  expect(await refusalOf(db.sql.unsafe(fill(statement)))).toMatchObject({ code: '23502' })
})

test('a price of more than ten digits is refused', async () => {
  const update = db.sql`update products set price = 100000000 where id = ${sale.product_id}`
  expect(await refusalOf(update)).toMatchObject({ code: '22003' })
})

describe('sold data stays: deleting', () => {
  test.each([
    ['orders', 'order_id'],
    ['products', 'product_id'],
    ['shops', 'shop_id'],
    ['users', 'buyer_id'],
    ['users', 'seller_id'],
    ['checkouts', 'checkout_id'],
  ] as const)('%s by %s is refused', async (table, id) => {
    expect((await refusalOf(db.sql.unsafe(`delete from ${table} where id = $1`, [sale[id]]))).code).toMatch(
      /^(23503|23001|SWAPP)$/,
    )
  })
})

test('deleting a user is refused while order events name the user as actor', async () => {
  const actor = await db.makeUser()
  await db.sql`insert into order_events (order_id, status, actor_id) values (${sale.order_id}, 'paid', ${actor})`
  expect(await refusalOf(db.sql`delete from users where id = ${actor}`)).toMatchObject({ code: 'SWAPP' })
  await db.sql`delete from users where id = ${await db.makeUser()}`
})

describe('history is immutable', () => {
  const changes = ['order_events', 'order_items'].flatMap((table) => [
    `update ${table} set order_id = order_id`,
    `update ${table} set order_id = order_id where false`,
    `delete from ${table}`,
    `truncate ${table}`,
    `truncate ${table} cascade`,
  ])
  // Only the personalization of a line can be deleted.
  changes.push("update order_items set sku = 'x'", "update order_items set personalization = 'x'")
  test.each(changes)('%s', async (change) => {
    expect(await refusalOf(db.sql.unsafe(change))).toMatchObject({ code: 'SWAPP' })
  })

  test('an order cannot be truncated', async () => {
    expect(await refusalOf(db.sql`truncate orders cascade`)).toMatchObject({ code: 'SWAPP' })
  })

  test('an owner without superuser rights cannot set replication mode, which skips triggers', async () => {
    const role = `plain_${process.pid}_${Date.now()}`
    await db.sql.unsafe(`create role ${role}`)
    const refusal = await refusalOf(
      db.sql.begin(async (tx) => {
        await tx.unsafe(`set local role ${role}`)
        await tx`set local session_replication_role = 'replica'`
      }),
    )
    await db.sql.unsafe(`drop role ${role}`)
    expect(refusal.code).toBe('42501')
  })
})

type Parts = {
  subtotal?: string
  shipping?: string
  total?: string
  discount?: string
  tax?: string
  paid?: string | null
  order_shipping?: string
  order_total?: string
  order_buyer_id?: number
  has_order?: boolean
  has_item?: boolean
  quantity?: number
}

/** Writes a checkout of one order and one item by raw SQL. Without changes it adds up. */
async function writeCheckout(tx: Sql, parts: Parts): Promise<void> {
  const { subtotal = '10.00', shipping = '2.00', total = '12.00', quantity = 1, has_order = true, has_item = true } = parts
  const { discount = '0.00', tax = '0.00' } = parts
  const { paid = total, order_shipping = shipping, order_total = total, order_buyer_id = sale.buyer_id } = parts
  const [checkout] = await tx<{ id: number }[]>`
    insert into checkouts (buyer_id, subtotal, discount, shipping, tax, total, shipping_address)
    values (${sale.buyer_id}, ${subtotal}, ${discount}, ${shipping}, ${tax}, ${total}, '{}') returning id`
  const checkout_id = checkout?.id as number
  if (paid) await tx`insert into payments (checkout_id, method, amount) values (${checkout_id}, 'x', ${paid})`
  if (!has_order) return
  const [order] = await tx<{ id: number }[]>`
    insert into orders (checkout_id, buyer_id, shop_id, subtotal, shipping, total)
    values (${checkout_id}, ${order_buyer_id}, ${sale.shop_id}, ${subtotal}, ${order_shipping}, ${order_total}) returning id`
  if (!has_item) return
  await tx`
    insert into order_items (order_id, product_id, title, quantity, price_at_purchase)
    values (${order?.id as number}, ${sale.product_id}, 'Mug', ${quantity}, 10)`
}

describe('a checkout', () => {
  test('that adds up is accepted', async () => {
    for (const parts of [{}, { subtotal: '30.00', total: '32.00', quantity: 3 }])
      await db.sql.begin((tx) => writeCheckout(tx, parts))
  })

  const wrong: [what: string, parts: Parts][] = [
    ['an order whose subtotal is not its items', { quantity: 2 }],
    ['an order without an item', { has_item: false }],
    ['an order without an item that costs nothing', { has_item: false, subtotal: '0.00', total: '2.00' }],
    ['a total that is not its orders', { order_shipping: '3.00', order_total: '13.00' }],
    ['a discount and a tax that are not those of its orders', { discount: '1.00', tax: '1.00' }],
    ['no order', { has_order: false }],
    ['a payment of another amount', { paid: '12.01' }],
    ['no payment', { paid: null }],
  ]
  test.each(wrong)('with %s is refused at commit', async (_what, parts) => {
    let is_written = false
    const writing = db.sql.begin(async (tx) => {
      await writeCheckout(tx, parts)
      is_written = true
    })
    expect(await refusalOf(writing)).toMatchObject({ code: 'SWSUM' })
    expect(is_written).toBe(true)
  })

  test.each([
    ['no units of an item', 'order_items_quantity_is_positive', { quantity: 0 }],
    ['an order of another buyer', 'orders_checkout_id_buyer_id_fkey', { order_buyer_id: sale.seller_id }],
  ])('with %s is refused', async (_what, constraint, parts) => {
    expect(await refusalOf(db.sql.begin((tx) => writeCheckout(tx, parts)))).toMatchObject({ constraint })
  })
})

describe('the stock of a listing', () => {
  const writeStock = (id: number, ...statements: string[]) =>
    db.sql.begin(async (tx) => {
      for (const statement of statements) await tx.unsafe(statement, [id])
    })
  const makeShirt = async () => {
    const id = await db.makeProduct()
    await db.makeVariants(id, [
      { option_values: ['S'], quantity: 2 },
      { option_values: ['M'], quantity: 3 },
    ])
    return id
  }

  test.each([
    ['a sale from the listing alone', 'update products set quantity = quantity - 1 where id = $1'],
    ['a return to the listing alone', 'update products set quantity = quantity + 1 where id = $1'],
  ])('is refused at commit after %s, if its variants have their own', async (_what, change) => {
    const id = await makeShirt()
    expect(await refusalOf(writeStock(id, change))).toMatchObject({ code: 'SWSTK', detail: { product_id: id } })
    const s = "(select id from variants where product_id = $1 and option_values = '{S}')"
    await writeStock(id, change, `update variants set quantity = 1 where id = ${s}`)
  })

  test('accepts any quantity if the variants share it or the listing has no variants', async () => {
    const [shared, plain] = [await db.makeProduct({ quantity: 4 }), await db.makeProduct({ quantity: 4 })]
    await db.makeVariants(shared, [{ option_values: ['S'] }])
    for (const id of [shared, plain]) await writeStock(id, 'update products set quantity = 2 where id = $1')
    const own = await makeShirt()
    await writeStock(
      own,
      'update variants set quantity = null where product_id = $1',
      'update products set quantity = 9 where id = $1',
    )
  })
})

describe('a committed checkout accepts no new parts and no other amounts', () => {
  const changes = [
    // Each column alone, because a trigger for several columns fires for each of them.
    ...['buyer_id', ...AMOUNT_COLUMNS].map((column) => `update checkouts set ${column} = ${column} where id = $checkout_id`),
    ...['checkout_id', 'buyer_id', 'shop_id', ...AMOUNT_COLUMNS].map(
      (column) => `update orders set ${column} = ${column} where id = $order_id`,
    ),
    ...['checkout_id', 'amount'].map((column) => `update payments set ${column} = ${column} where checkout_id = $checkout_id`),
    'delete from payments where checkout_id = $checkout_id',
    `insert into order_items (order_id, product_id, title, quantity, price_at_purchase)
     select $order_id, p.id, 'x', 1, 0 from products p where p.id <> $product_id limit 1`,
    `insert into orders (checkout_id, buyer_id, shop_id, subtotal, shipping, total)
     select $checkout_id, $buyer_id, s.id, 0, 0, 0 from shops s where s.id <> $shop_id limit 1`,
  ]
  test.each(changes)('%s', async (change) => {
    await db.makeProduct()
    expect(await refusalOf(db.sql.unsafe(fill(change)))).toMatchObject({ code: 'SWAPP' })
  })
})
