import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import {
  lapseHolds,
  makeProduct,
  makeShop,
  makeUser,
  putLine,
  type SplitOrder,
  splitOrders,
  unique,
} from '../../../test/support/factory.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('leaves one order per shop, exact to the cent', async () => {
  const buyer = await makeUser(db.sql)
  const first = await makeShop(db.sql, { base: '3.33', per_extra_item: '0.67' })
  const second = await makeShop(db.sql, { base: '1', per_extra_item: '0.5' })
  const mug = await makeProduct(db.sql, { shop_id: first, title: 'Mug', price: '19.99', quantity: 9 })
  const bowl = await makeProduct(db.sql, { shop_id: second, title: 'Bowl', price: '0.01', quantity: 9 })
  const vase = await makeProduct(db.sql, { shop_id: first, title: 'Vase', price: '33.33', quantity: 9 })
  await putLine(db.sql, buyer, vase, { quantity: 3 })
  await putLine(db.sql, buyer, bowl, { quantity: 7 })
  await putLine(db.sql, buyer, mug)
  const orders = await splitOrders(db.sql, buyer)

  const checkout_id = orders[0]?.checkout_id as number
  expect(orders.map(({ order_id: _, ...order }) => order)).toEqual([
    { checkout_id, shop_id: first, subtotal: '119.98', shipping: '5.34', total: '125.32' },
    { checkout_id, shop_id: second, subtotal: '0.07', shipping: '4.00', total: '4.07' },
  ])
  const [firstOrder, secondOrder] = orders.map(({ order_id }) => order_id)
  const items = await db.sql`
    select order_id, product_id, title, quantity, price_at_purchase from order_items
    where order_id in (select o.id from orders o where o.checkout_id = ${checkout_id}) order by 1, 2`
  expect([...items]).toEqual([
    { order_id: firstOrder, product_id: mug, title: 'Mug', quantity: 1, price_at_purchase: '19.99' },
    { order_id: firstOrder, product_id: vase, title: 'Vase', quantity: 3, price_at_purchase: '33.33' },
    { order_id: secondOrder, product_id: bowl, title: 'Bowl', quantity: 7, price_at_purchase: '0.01' },
  ])
  const [checkout] = await db.sql`
    select c.buyer_id, c.status, c.subtotal, c.shipping, c.total, c.shipping_address, p.amount, p.status as payment, p.method
    from checkouts c join payments p on p.checkout_id = c.id where c.id = ${checkout_id}`
  expect(checkout).toEqual({
    buyer_id: buyer,
    status: 'pending',
    subtotal: '120.05',
    shipping: '9.34',
    total: '129.39',
    shipping_address: ADDRESS,
    amount: '129.39',
    payment: 'pending',
    method: null,
  })
})

test('takes the stock, counts the units sold, clears the cart and starts the trail', async () => {
  const [buyer, other] = [await makeUser(db.sql), await makeUser(db.sql)]
  const shop = await makeShop(db.sql)
  const mug = await makeProduct(db.sql, { shop_id: shop, quantity: 9 })
  const bowl = await makeProduct(db.sql, { shop_id: shop, quantity: 2 })
  const untouched = await makeProduct(db.sql, { shop_id: shop, quantity: 4 })
  await putLine(db.sql, buyer, mug, { quantity: 5 })
  await putLine(db.sql, buyer, bowl, { quantity: 2 })
  await putLine(db.sql, other, mug, { quantity: 1 })
  const [order] = await splitOrders(db.sql, buyer)
  const stock = await db.sql`select id, quantity, state from products where shop_id = ${shop} order by id`
  expect([...stock]).toEqual([
    { id: mug, quantity: 4, state: 'active' },
    { id: bowl, quantity: 0, state: 'sold_out' },
    { id: untouched, quantity: 4, state: 'active' },
  ])
  expect([...(await db.sql`select sales_count from shops where id = ${shop}`)]).toEqual([{ sales_count: 7 }])
  expect([...(await db.sql`select user_id, product_id from cart_items where product_id in (${mug}, ${bowl})`)]).toEqual([
    { user_id: other, product_id: mug },
  ])
  const events = await db.sql`select status, actor_id from order_events where order_id = ${order?.order_id as number}`
  expect([...events]).toEqual([{ status: 'pending', actor_id: buyer }])
})

test('stores the current price and title', async () => {
  const [buyer, product] = [await makeUser(db.sql), await makeProduct(db.sql, { title: 'Old name', price: '5.00', quantity: 3 })]
  await putLine(db.sql, buyer, product)
  const [order] = await splitOrders(db.sql, buyer)
  await db.sql`update products set title = 'New name', price = 9 where id = ${product}`
  const [item] = await db.sql`select title, price_at_purchase from order_items where order_id = ${order?.order_id as number}`
  expect(item).toEqual({ title: 'Old name', price_at_purchase: '5.00' })
})

test('charges the current price, not the price when the line was added', async () => {
  const [buyer, product] = [await makeUser(db.sql), await makeProduct(db.sql, { price: '5.00', quantity: 3 })]
  await db.sql`select * from reserve_item(${buyer}, ${product}, 2)`
  await db.sql`update products set price = 6.01 where id = ${product}`
  const [order] = await db.sql<SplitOrder[]>`
    select * from checkout_split_orders(${buyer}, ${unique('key')}, ${db.sql.json(ADDRESS)}, expected_total => 12.02)`
  expect(order?.total).toBe('12.02')
})

test('sells an item to its holder, also after the hold lapsed, if no other buyer holds it', async () => {
  const [buyer, held, lapsed] = [await makeUser(db.sql), await makeProduct(db.sql), await makeProduct(db.sql)]
  await db.sql`select * from reserve_item(${buyer}, ${lapsed})`
  await lapseHolds(db.sql, buyer)
  await db.sql`select * from reserve_item(${buyer}, ${held})`
  expect(await splitOrders(db.sql, buyer)).toHaveLength(2)
})

test("sells the last unit despite another buyer's lapsed hold or unheld line", async () => {
  const [buyer, other] = [await makeUser(db.sql), await makeUser(db.sql)]
  const [lapsed, unheld] = [await makeProduct(db.sql), await makeProduct(db.sql)]
  await db.sql`select * from reserve_item(${other}, ${lapsed})`
  await lapseHolds(db.sql, other)
  await putLine(db.sql, other, unheld)
  for (const product of [lapsed, unheld]) await putLine(db.sql, buyer, product)
  expect(await splitOrders(db.sql, buyer)).toHaveLength(2)
})

test('sells the units that another buyer does not hold', async () => {
  const [buyer, holder, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
  await db.sql`select * from reserve_item(${holder}, ${product})`
  await db.sql`update products set quantity = 3 where id = ${product}`
  await putLine(db.sql, buyer, product, { quantity: 2 })
  expect(await splitOrders(db.sql, buyer)).toHaveLength(1)
})

test('adds up over many shops with odd prices and shipping', async () => {
  const buyer = await makeUser(db.sql)
  let cents = 0
  for (let n = 1; n <= 23; n++) {
    const shop = await makeShop(db.sql, { base: `${n % 5}.${String((n * 37) % 100).padStart(2, '0')}`, per_extra_item: '0.33' })
    for (let item = 0; item < 3; item++) {
      const price = ((n * 7919 + item * 104_729) % 9973) + 1
      const quantity = ((n + item) % 4) + 1
      await putLine(db.sql, buyer, await makeProduct(db.sql, { shop_id: shop, price: (price / 100).toFixed(2), quantity: 9 }), {
        quantity,
      })
      cents += price * quantity + 33 * quantity
    }
    cents += (n % 5) * 100 + ((n * 37) % 100) - 33
  }
  const orders = await splitOrders(db.sql, buyer)
  expect(orders).toHaveLength(23)
  const inCents = (amount: string) => Number(amount.replace('.', ''))
  expect(orders.reduce((sum, { total }) => sum + inCents(total), 0)).toBe(cents)
  const [payment] = await db.sql<
    { amount: string }[]
  >`select amount from payments where checkout_id = ${orders[0]?.checkout_id as number}`
  expect(inCents(payment?.amount as string)).toBe(cents)
})

test('accepts three arguments, named ones in any order, or all of them', async () => {
  const address = db.sql.json(ADDRESS)
  const calls = [
    (buyer: number) => db.sql`select * from checkout_split_orders(${buyer}, ${unique('key')}, ${address})`,
    (buyer: number) => db.sql`
      select * from checkout_split_orders(shipping_address => ${address}, buyer_id => ${buyer}, idempotency_key => ${unique('key')})`,
    (buyer: number) => db.sql`select * from checkout_split_orders(${buyer}, ${unique('key')}, ${address}, 'pm_card_visa', 10.00)`,
  ]
  for (const call of calls) {
    const [buyer, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    await putLine(db.sql, buyer, product)
    expect(await call(buyer)).toHaveLength(1)
  }
})
