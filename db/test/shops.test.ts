import { expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const SHIPPING = { base: '3.5', per_extra_item: '1', processing_days_min: 1, processing_days_max: 5 }

const open = (owner_id: number, shipping: Record<string, unknown> = SHIPPING) => db.json`
  select body from open_shop(${owner_id}, 'Clay', null, 'https://x.example/b.jpg', null, ${db.sql.json(shipping as never)})`
const update = (shop_id: number, user_id: number, changes: Record<string, unknown>) => db.json`
  select body from update_shop(${shop_id}, ${user_id}, ${db.sql.json(changes as never)})`

test('open_shop shows the shop with money to the cent', async () => {
  const owner_id = await db.makeUser()
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
  const owner = await db.makeUser()
  expect((await refusalOf(open(owner, { ...SHIPPING, processing_days_max: 0 }))).code).toBe('SWINV')
  for (const base of ['-1', '1.234', 'free', '', '1e3']) {
    expect(await refusalOf(open(owner, { ...SHIPPING, base }))).toMatchObject({ constraint: 'shops_shipping_is_a_profile' })
  }
})

test('update_shop changes only the given fields', async () => {
  const owner = await db.makeUser()
  const shop = await open(owner)
  expect(await update(shop.id, owner, { name: 'Clay & Co' })).toEqual({ ...shop, name: 'Clay & Co' })
  const urls = { banner_url: null, logo_url: 'https://x.example/l.png' }
  expect(await update(shop.id, owner, urls)).toMatchObject(urls)
  expect((await update(shop.id, owner, { shipping: { base: '4' } })).shipping).toEqual({ ...shop.shipping, base: '4.00' })
})

test('update_shop rejects a stranger and an unknown shop', async () => {
  const stranger = await db.makeUser()
  expect(await refusalOf(update(await db.makeShop(), stranger, { name: 'Mine' }))).toMatchObject({ code: 'SWOWN' })
  expect(await refusalOf(update(999_999, stranger, { name: 'Mine' }))).toMatchObject({ code: 'SWNTF' })
})

type Listed = { id: string; cursor: string }

test('list_shop_orders returns orders only to the owner, newest first, page by page', async () => {
  const sale = await db.makeSale()
  const orders = (user_id: number, status: string | null = null, after: string | null = null, page_size = 24) => db.rows<Listed>`
    select item::json ->> 'id' as id, cursor
    from list_shop_orders(${sale.shop_id}, ${user_id}, ${status}, null, null, null, ${after}::text::jsonb, ${page_size})`
  const idsOf = (listed: Listed[]) => listed.map(({ id }) => Number(id))
  await db.reserve(sale.buyer_id, sale.product_id)
  const [{ order_id }] = await db.splitOrders(sale.buyer_id)
  const listed = await orders(sale.seller_id)
  expect(idsOf(listed)).toEqual([order_id, sale.order_id])
  expect(idsOf(await orders(sale.seller_id, 'paid'))).toEqual([sale.order_id])
  expect(idsOf(await orders(sale.seller_id, null, listed[0]?.cursor, 1))).toEqual([sale.order_id])
  expect(await refusalOf(orders(sale.buyer_id))).toMatchObject({ code: 'SWOWN' })
})

test.each([
  [1, '3.50'],
  [2, '4.50'],
  [4, '6.50'],
  [0, '3.50'],
])('shipping_cost of %p units is %p', async (units, cost) => {
  expect(await db.value<string>`select shipping_cost(${db.sql.json(SHIPPING)}, ${units})::numeric(10, 2)`).toBe(cost)
})

test('a shop on vacation sells nothing, not even what carts contain', async () => {
  const owner = await db.makeUser()
  const shop = await db.makeShop({ owner_id: owner })
  const buyer = await db.makeUser()
  const [one, many] = [await db.makeProduct({ shop_id: shop }), await db.makeProduct({ shop_id: shop, quantity: 5 })]
  await db.reserve(buyer, one)
  await update(shop, owner, { is_on_vacation: true, vacation_message: 'Back in May.' })
  const refused = { code: 'SWVAC', detail: { success: false, shop_id: shop, vacation_message: 'Back in May.' } }
  expect(await refusalOf(db.reserve(buyer, many))).toMatchObject(refused)
  expect(await refusalOf(db.sql`select * from change_cart_item(${buyer}, ${one}, 1)`)).toMatchObject(refused)
  expect(await refusalOf(db.splitOrders(buyer))).toMatchObject(refused)
  // The hold stays: it lapses by itself, and counts again if the vacation ends before.
  await update(shop, owner, { is_on_vacation: false })
  expect(await db.splitOrders(buyer)).toHaveLength(1)
})
