import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeSale, makeShop, makeUser, splitOrders } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const SHIPPING = { base: '3.5', per_extra_item: '1', processing_days_min: 1, processing_days_max: 5 }

async function open(owner_id: number, shipping: Record<string, unknown> = SHIPPING) {
  const [row] = await db.sql<{ body: string }[]>`
    select * from open_shop(${owner_id}, 'Clay', null, 'https://x.example/b.jpg', null, ${db.sql.json(shipping as never)})`
  return JSON.parse(row?.body as string)
}

async function update(shop_id: number, user_id: number, changes: Record<string, unknown>) {
  const [row] = await db.sql<
    { body: string }[]
  >`select * from update_shop(${shop_id}, ${user_id}, ${db.sql.json(changes as never)})`
  return JSON.parse(row?.body as string)
}

test('open_shop shows the shop with money to the cent', async () => {
  const owner_id = await makeUser(db.sql)
  expect(await open(owner_id)).toMatchObject({
    owner_id,
    name: 'Clay',
    description: '',
    banner_url: 'https://x.example/b.jpg',
    logo_url: null,
    rating: null,
    review_count: 0,
    sales_count: 0,
    shipping: { base: '3.50', per_extra_item: '1.00', processing_days_min: 1, processing_days_max: 5 },
  })
})

test('open_shop rejects an invalid shipping profile', async () => {
  const owner = await makeUser(db.sql)
  expect((await refusalOf(open(owner, { ...SHIPPING, processing_days_max: 0 }))).code).toBe('SWINV')
  for (const base of ['-1', '1.234', 'free', '', '1e3']) {
    expect(await refusalOf(open(owner, { ...SHIPPING, base }))).toMatchObject({ constraint: 'shops_shipping_is_a_profile' })
  }
})

test('update_shop changes only the given fields', async () => {
  const owner = await makeUser(db.sql)
  const shop = await open(owner)
  expect(await update(shop.id, owner, { name: 'Clay & Co' })).toEqual({ ...shop, name: 'Clay & Co' })
  expect(await update(shop.id, owner, { banner_url: null, logo_url: 'https://x.example/l.png' })).toMatchObject({
    banner_url: null,
    logo_url: 'https://x.example/l.png',
  })
  expect((await update(shop.id, owner, { shipping: { base: '4' } })).shipping).toEqual({ ...shop.shipping, base: '4.00' })
})

test('update_shop rejects a stranger and an unknown shop', async () => {
  const stranger = await makeUser(db.sql)
  expect(await refusalOf(update(await makeShop(db.sql), stranger, { name: 'Mine' }))).toMatchObject({ code: 'SWOWN' })
  expect(await refusalOf(update(999_999, stranger, { name: 'Mine' }))).toMatchObject({ code: 'SWNTF' })
})

test('list_shop_orders returns orders only to the owner, newest first, page by page', async () => {
  const sale = await makeSale(db.sql)
  const orders = (user_id: number, status: string | null = null, after: unknown = null, page_size = 24) => db.sql<
    { item: string; cursor: string }[]
  >`
    select * from list_shop_orders(${sale.shop_id}, ${user_id}, ${status}, null, null, null, ${after === null ? null : db.sql.json(after as never)}, ${page_size})`
  await db.sql`select * from reserve_item(${sale.buyer_id}, ${sale.product_id}, 1)`
  const [second] = await db.sql<{ order_id: number }[]>`
    select * from checkout_split_orders(${sale.buyer_id}, 'second', '{}')`
  const ids = [second?.order_id, sale.order_id]
  expect((await orders(sale.seller_id)).map(({ item }) => JSON.parse(item).id)).toEqual(ids)
  expect((await orders(sale.seller_id, 'paid')).map(({ item }) => JSON.parse(item).id)).toEqual([sale.order_id])
  const [first] = await orders(sale.seller_id, null, null, 1)
  expect(
    (await orders(sale.seller_id, null, JSON.parse(first?.cursor as string), 1)).map(({ item }) => JSON.parse(item).id),
  ).toEqual([sale.order_id])
  expect(await refusalOf(orders(sale.buyer_id))).toMatchObject({ code: 'SWOWN' })
})

test.each([
  [1, '3.50'],
  [2, '4.50'],
  [4, '6.50'],
  [0, '3.50'],
])('shipping_cost of %p units is %p', async (units, cost) => {
  const [row] = await db.sql`select shipping_cost(${db.sql.json(SHIPPING)}, ${units})::numeric(10, 2) as cost`
  expect(row).toEqual({ cost })
})

test('a shop on vacation sells nothing, not even what carts contain', async () => {
  const owner = await makeUser(db.sql)
  const shop = await makeShop(db.sql, { owner_id: owner })
  const buyer = await makeUser(db.sql)
  const [one, many] = [await makeProduct(db.sql, { shop_id: shop }), await makeProduct(db.sql, { shop_id: shop, quantity: 5 })]
  await db.sql`select * from reserve_item(${buyer}, ${one}, 1)`
  await db.sql`select * from update_shop(${shop}, ${owner}, ${db.sql.json({ is_on_vacation: true, vacation_message: 'Back in May.' })})`
  const refused = { code: 'SWVAC', detail: { success: false, shop_id: shop, vacation_message: 'Back in May.' } }
  expect(await refusalOf(db.sql`select * from reserve_item(${buyer}, ${many}, 1)`)).toMatchObject(refused)
  expect(await refusalOf(db.sql`select * from change_cart_item(${buyer}, ${one}, 1)`)).toMatchObject(refused)
  expect(await refusalOf(splitOrders(db.sql, buyer))).toMatchObject(refused)
  // The hold stays: it lapses by itself, and counts again if the vacation ends before.
  await db.sql`select * from update_shop(${shop}, ${owner}, ${db.sql.json({ is_on_vacation: false })})`
  expect(await splitOrders(db.sql, buyer)).toHaveLength(1)
})
