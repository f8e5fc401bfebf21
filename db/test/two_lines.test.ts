/** Two lines of one product in a cart: the product does not identify a line. */
import { describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Line = { id: number; quantity: number; reserved_until: Date | null }

const linesOf = (user: number) =>
  db.rows<Line>`select id, quantity, reserved_until from cart_items where user_id = ${user} order by id`
const stockOf = (product: number) => db.value<number>`select quantity from products where id = ${product}`
const cartOf = (user: number) => db.json`select cart_json(${user})`
const holdLine = (id = 0) => db.sql`update cart_items set reserved_until = now() + interval '10 minutes' where id = ${id}`

/** Makes lines with these units of one product at 10.00. Shipping costs 2.00 for the first unit and 1.00 for each further one. */
async function cartWith(quantities: number[], stock: number) {
  const [buyer, seller] = await db.makeUsers(2)
  const shop = await db.makeShop({ owner_id: seller, base: '2.00', per_extra_item: '1.00' })
  const product = await db.makeProduct({ shop_id: shop, title: 'Mug', quantity: stock })
  for (const quantity of quantities) await db.putLine(buyer, product, { quantity })
  return { buyer, seller, product, ids: (await linesOf(buyer)).map(({ id }) => id) }
}

test('two lines share the stock in the order in which they were added', async () => {
  const { buyer, ids } = await cartWith([2, 2, 1], 3)
  const cart = await cartOf(buyer)
  expect(cart.shops[0].items).toMatchObject([
    { line_id: ids[0], available: true, available_quantity: 3 },
    { line_id: ids[1], available: false, available_quantity: 1, unavailable_reason: 'insufficient_stock' },
    { line_id: ids[2], available: false, available_quantity: 0, unavailable_reason: 'insufficient_stock' },
  ])
  expect(cart).toMatchObject({ subtotal: '20.00', shipping: '3.00', total: '23.00' })
})

test('a checkout names each line beyond the stock by its id', async () => {
  const { buyer, product, ids } = await cartWith([2, 2], 3)
  const refusal = await refusalOf(db.splitOrders(buyer))
  expect(refusal).toMatchObject({ code: 'SWSTK', message: 'Only 3 left of "Mug".' })
  expect(refusal.detail.errors).toMatchObject([{ line_id: ids[1], product_id: product, pointer: '#/shops/0/items/1' }])
})

test('two lines of a one-of-a-kind item are never sold twice, with any hold', async () => {
  const { buyer, product, ids } = await cartWith([1, 1], 1)
  await holdLine(ids[1])
  expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({ code: 'SWSTK', detail: { errors: [{ line_id: ids[1] }] } })
  expect(await stockOf(product)).toBe(1)
  // The guard behind the check counts units of a product too.
  const take = db.sql`select take_stock(jsonb_agg(to_jsonb(l))) from lines_to_order(${buyer}, cart_line_ids(${buyer})) l`
  expect(await refusalOf(take)).toMatchObject({ code: 'SWSTK', message: 'An item of the cart is sold out.' })
  await db.sql`select remove_cart_line(${buyer}, ${ids[0] as number})`
  expect(await db.splitOrders(buyer)).toHaveLength(1)
  expect(await stockOf(product)).toBe(0)
})

test('two lines become two lines of one order, and a cancellation restores the stock of both', async () => {
  const { buyer, seller, product } = await cartWith([2, 1], 5)
  const [order] = await db.splitOrders(buyer)
  expect(order).toMatchObject({ subtotal: '30.00', shipping: '4.00', total: '34.00' })
  expect(await stockOf(product)).toBe(2)
  await db.sql`select * from settle_checkout(${order.checkout_id}, 'paid')`
  const [row] = await db.sql`select * from cancel_order(${order.order_id}, ${seller})`
  const { items, refunded, status } = JSON.parse(row?.body)
  expect(items).toMatchObject([
    { product_id: product, quantity: 2 },
    { product_id: product, quantity: 1 },
  ])
  expect(items[0].line_id).toBeLessThan(items[1].line_id)
  expect({ status, refunded }).toEqual({ status: 'cancelled', refunded: '34.00' })
  expect(await stockOf(product)).toBe(5)
  const [events] = await db.rows`
    select replay_order(o.id) as replayed, order_facts(o) as shown from orders o where o.id = ${order.order_id}`
  expect(events?.replayed).toEqual(events?.shown)
})

describe('after a declined payment', () => {
  test('two lines come back with their ids and quantities', async () => {
    const { buyer, product } = await cartWith([2, 1], 5)
    const before = await linesOf(buyer)
    const { checkout_id } = await db.placeCheckout(buyer)
    expect(await linesOf(buyer)).toEqual([])
    await db.settleCheckout(checkout_id, 'declined')
    expect(await linesOf(buyer)).toEqual(before)
    expect(await stockOf(product)).toBe(5)
  })

  test('two lines come back once if the buyer has added the product again', async () => {
    const { buyer, product } = await cartWith([2, 1], 5)
    const { checkout_id } = await db.placeCheckout(buyer)
    await db.reserve(buyer, product)
    const again = await linesOf(buyer)
    await db.settleCheckout(checkout_id, 'declined')
    expect(await linesOf(buyer)).toEqual(again)
  })
})

describe('adding the product again', () => {
  test('reserve_item adds to the oldest line, and counts the units of all', async () => {
    const { buyer, product, ids } = await cartWith([2, 1], 4)
    expect(await db.reserve(buyer, product)).toMatchObject({ line_id: ids[0] })
    expect(await linesOf(buyer)).toMatchObject([{ quantity: 3 }, { quantity: 1 }])
    expect(await refusalOf(db.reserve(buyer, product))).toMatchObject({ code: 'SWSTK' })
  })

  test('reserve_item adds to the line that holds the item', async () => {
    const { buyer, product, ids } = await cartWith([1, 1], 5)
    await holdLine(ids[1])
    expect(await db.reserve(buyer, product)).toMatchObject({ line_id: ids[1] })
  })
})

test('change_cart_item and remove_cart_item refuse a product with two lines', async () => {
  const { buyer, product, ids } = await cartWith([1, 1], 5)
  const named = { code: 'SWAMB', detail: { product_id: product, line_ids: ids } }
  expect(await refusalOf(db.sql`select * from change_cart_item(${buyer}, ${product}, 1)`)).toMatchObject(named)
  expect(await refusalOf(db.sql`select remove_cart_item(${buyer}, ${product})`)).toMatchObject(named)
  expect(await linesOf(buyer)).toHaveLength(2)
})
