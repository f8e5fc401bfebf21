import { expect, test } from 'bun:test'
import { unique } from '../../../test/support/factory.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()

test('leaves one order per shop, exact to the cent', async () => {
  const buyer = await db.makeUser()
  const first = await db.makeShop({ base: '3.33', per_extra_item: '0.67' })
  const second = await db.makeShop({ base: '1', per_extra_item: '0.5' })
  const mug = await db.makeProduct({ shop_id: first, title: 'Mug', price: '19.99', quantity: 9 })
  const bowl = await db.makeProduct({ shop_id: second, title: 'Bowl', price: '0.01', quantity: 9 })
  const vase = await db.makeProduct({ shop_id: first, title: 'Vase', price: '33.33', quantity: 9 })
  await db.putLine(buyer, vase, { quantity: 3 })
  await db.putLine(buyer, bowl, { quantity: 7 })
  await db.putLine(buyer, mug)
  const orders = await db.splitOrders(buyer)

  const checkout_id = orders[0].checkout_id
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
    select c.buyer_id, c.status, c.subtotal, c.discount, c.shipping, c.tax, c.total, c.shipping_address,
      p.amount, p.status as payment, p.method
    from checkouts c join payments p on p.checkout_id = c.id where c.id = ${checkout_id}`
  expect(checkout).toEqual({
    buyer_id: buyer,
    status: 'pending',
    subtotal: '120.05',
    discount: '0.00',
    shipping: '9.34',
    tax: '0.00',
    total: '129.39',
    shipping_address: ADDRESS,
    amount: '129.39',
    payment: 'pending',
    method: null,
  })
})

test('takes the stock, counts the units sold, clears the cart and starts the trail', async () => {
  const [buyer, other] = [await db.makeUser(), await db.makeUser()]
  const shop = await db.makeShop()
  const mug = await db.makeProduct({ shop_id: shop, quantity: 9 })
  const bowl = await db.makeProduct({ shop_id: shop, quantity: 2 })
  const untouched = await db.makeProduct({ shop_id: shop, quantity: 4 })
  await db.putLine(buyer, mug, { quantity: 5 })
  await db.putLine(buyer, bowl, { quantity: 2 })
  await db.putLine(other, mug, { quantity: 1 })
  const [order] = await db.splitOrders(buyer)
  const stock = await db.sql`select id, quantity, state from products where shop_id = ${shop} order by id`
  expect([...stock]).toEqual([
    { id: mug, quantity: 4, state: 'active' },
    { id: bowl, quantity: 0, state: 'sold_out' },
    { id: untouched, quantity: 4, state: 'active' },
  ])
  expect(await db.rows`select sales_count from shops where id = ${shop}`).toEqual([{ sales_count: 7 }])
  expect(await db.rows`select user_id, product_id from cart_items where product_id in (${mug}, ${bowl})`).toEqual([
    { user_id: other, product_id: mug },
  ])
  const events = await db.sql`select status, actor_id from order_events where order_id = ${order.order_id}`
  expect([...events]).toEqual([{ status: 'pending', actor_id: buyer }])
})

test('stores the current price and title', async () => {
  const [buyer, product] = [await db.makeUser(), await db.makeProduct({ title: 'Old name', price: '5.00', quantity: 3 })]
  await db.putLine(buyer, product)
  const [order] = await db.splitOrders(buyer)
  await db.sql`update products set title = 'New name', price = 9 where id = ${product}`
  const [item] = await db.sql`select title, price_at_purchase from order_items where order_id = ${order.order_id}`
  expect(item).toEqual({ title: 'Old name', price_at_purchase: '5.00' })
})

test('charges the current price, not the price when the line was added', async () => {
  const [buyer, product] = [await db.makeUser(), await db.makeProduct({ price: '5.00', quantity: 3 })]
  await db.reserve(buyer, product, 2)
  await db.sql`update products set price = 6.01 where id = ${product}`
  const [order] = await db.splitOrders(buyer, unique('key'), '12.02')
  expect(order.total).toBe('12.02')
})

test('sells an item to its holder, also after the hold lapsed, if no other buyer holds it', async () => {
  const [buyer, held, lapsed] = [await db.makeUser(), await db.makeProduct(), await db.makeProduct()]
  await db.reserve(buyer, lapsed)
  await db.lapseHolds(buyer)
  await db.reserve(buyer, held)
  expect(await db.splitOrders(buyer)).toHaveLength(2)
})

test("sells the last unit despite another buyer's lapsed hold or unheld line", async () => {
  const [buyer, other] = [await db.makeUser(), await db.makeUser()]
  const [lapsed, unheld] = [await db.makeProduct(), await db.makeProduct()]
  await db.reserve(other, lapsed)
  await db.lapseHolds(other)
  await db.putLine(other, unheld)
  for (const product of [lapsed, unheld]) await db.putLine(buyer, product)
  expect(await db.splitOrders(buyer)).toHaveLength(2)
})

test('sells the units that another buyer does not hold', async () => {
  const [buyer, holder, product] = [await db.makeUser(), await db.makeUser(), await db.makeProduct()]
  await db.reserve(holder, product)
  await db.sql`update products set quantity = 3 where id = ${product}`
  await db.putLine(buyer, product, { quantity: 2 })
  expect(await db.splitOrders(buyer)).toHaveLength(1)
})

test('adds up over many shops with odd prices and shipping', async () => {
  const buyer = await db.makeUser()
  let cents = 0
  for (let n = 1; n <= 23; n++) {
    const shop = await db.makeShop({ base: `${n % 5}.${String((n * 37) % 100).padStart(2, '0')}`, per_extra_item: '0.33' })
    for (let item = 0; item < 3; item++) {
      const price = ((n * 7919 + item * 104_729) % 9973) + 1
      const quantity = ((n + item) % 4) + 1
      const product = await db.makeProduct({ shop_id: shop, price: (price / 100).toFixed(2), quantity: 9 })
      await db.putLine(buyer, product, { quantity })
      cents += price * quantity + 33 * quantity
    }
    cents += (n % 5) * 100 + ((n * 37) % 100) - 33
  }
  const orders = await db.splitOrders(buyer)
  expect(orders).toHaveLength(23)
  const inCents = (amount: string) => Number(amount.replace('.', ''))
  expect(orders.reduce((sum, { total }) => sum + inCents(total), 0)).toBe(cents)
  const amount = await db.value<string>`select amount from payments where checkout_id = ${orders[0].checkout_id}`
  expect(inCents(amount)).toBe(cents)
})

test.each([
  ['three arguments', '$1, $2, $3'],
  ['named arguments in any order', 'shipping_address => $3, buyer_id => $1, idempotency_key => $2'],
  ['all arguments', "$1, $2, $3, 'pm_card_visa', 10.00"],
])('accepts %s', async (_title, args) => {
  const buyer = await db.makeBuyer(await db.makeProduct())
  const split = db.sql.unsafe(`select * from checkout_split_orders(${args})`, [buyer, unique('key'), ADDRESS])
  expect(await split).toHaveLength(1)
})
