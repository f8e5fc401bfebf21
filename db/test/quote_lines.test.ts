import { expect, test } from 'bun:test'
import { splitOrders } from '../../test/support/factory.ts'
import { runAndRollBack } from '../../test/support/hot_statements.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const quote = async (lines: unknown[] | null) =>
  await db.rows`select * from quote_lines(${db.sql.json(lines as never)}) order by shop_id nulls last`

const first = { base: '3.33', per_extra_item: '0.67' }

test('quote_lines sums each shop and all of them, and charges the shipping of a shop once', async () => {
  const lines = [
    { shop_id: 1, quantity: 2, price: 10, rate: first },
    { shop_id: 2, quantity: 3, price: 0.01, rate: { base: '1', per_extra_item: '0.5' } },
    { shop_id: 1, quantity: 1, price: 24.5, rate: first },
  ]
  const none = { discount: '0.00', tax: '0.00', profile_id: null, delivery_from: null, delivery_to: null }
  expect(await quote(lines)).toEqual([
    { shop_id: 1, units: 3, subtotal: '44.50', shipping: '4.67', total: '49.17', ...none },
    { shop_id: 2, units: 3, subtotal: '0.03', shipping: '2.00', total: '2.03', ...none },
    { shop_id: null, units: 6, subtotal: '44.53', shipping: '6.67', total: '51.20', ...none },
  ])
})

test.each([[[]], [null]])('quote_lines returns zeros without lines: %p', async (lines) => {
  const nothing = { units: 0, subtotal: '0.00', discount: '0.00', shipping: '0.00', tax: '0.00', total: '0.00' }
  const none = { profile_id: null, delivery_from: null, delivery_to: null }
  expect(await quote(lines)).toEqual([{ shop_id: null, ...nothing, ...none }])
})

test('a discount and a tax of quote_lines reach the cart, the checkout, its orders and its payment', async () => {
  const buyer = await db.makeBuyer(...(await db.makeProducts(2)))
  const [definition] = await db.rows`select pg_get_functiondef('quote_lines(jsonb, jsonb)'::regprocedure) as text`
  const withBoth = definition?.text.replace('0.00 as discount', '1.50 as discount').replace('0.00 as tax', '0.25 as tax')
  const one = { subtotal: '10.00', discount: '1.50', shipping: '0.00', tax: '0.25', total: '8.75' }
  const both = { subtotal: '20.00', discount: '3.00', shipping: '0.00', tax: '0.50', total: '17.50' }
  await runAndRollBack(db.sql, async (tx) => {
    await tx.unsafe(withBoth)
    const [cart] = await tx`select cart_json(${buyer})::jsonb as json`
    expect(cart?.json).toMatchObject({ ...both, shops: [one, one] })
    const [{ checkout_id, order_id }] = await splitOrders(tx, buyer)
    const [checkout] = await tx`select checkout_json(${checkout_id})::jsonb as json`
    expect(checkout?.json).toMatchObject({ ...both, orders: [one, one] })
    expect(await tx`select amount from payments where checkout_id = ${checkout_id}`).toMatchObject([{ amount: both.total }])
    await tx`set constraints checkouts__check_parts immediate`
    await tx`select settle_checkout(${checkout_id}, 'paid'), cancel_order(${order_id}, ${buyer})`
    expect(await tx`select refunded from orders where id = ${order_id}`).toMatchObject([{ refunded: one.total }])
  })
})
