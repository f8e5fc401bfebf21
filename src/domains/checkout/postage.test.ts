/** Postage by destination, as buyers see it: in the cart, at the checkout and in the order. */
import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import type { Cart, Order } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addShippingProfile,
  addToCart,
  listItem,
  makeSeller,
  readCart,
  signUp,
  tryCheckOut,
} from '../../../test/support/shopper.ts'

await startServer()

const GERMANY = { to: 'DE', base: '3.00', per_extra_item: '0.50', days_min: 2, days_max: 4 }
const EXPRESS = { name: 'Express', to: 'DE', price: '8.00', per_extra_item: '0.00' }
const TO_GERMANY = { shipping_address: { ...ADDRESS, country: 'DE', region: 'BE' } }

/** A cart with an item that its shop sends to Germany only. */
async function germanCart() {
  const { seller, shop } = await makeSeller()
  const { id } = await addShippingProfile(seller, shop, { rates: [GERMANY], upgrades: [EXPRESS] })
  const buyer = await signUp()
  const { line_id } = await addToCart(buyer, await listItem(seller, shop, { shipping_profile_id: id }))
  const quote = async (query: string) => expectStatus(await buyer.call<Cart>('GET', `/v1/cart${query}`), 200)
  return { shop, buyer, line_id, quote }
}

test('the cart quotes for a country, and keeps no quote of another one', async () => {
  const { buyer, quote } = await germanCart()
  const german = { upgrades: [{ name: 'Express', price: '8.00', per_extra_item: '0.00' }], shipping: '3.00' }
  for (let time = 0; time < 2; time++) {
    expect(await quote('?country=DE')).toMatchObject({ shops: [{ ...german, delivery: { from: expect.any(String) } }] })
    expect(await readCart(buyer)).toMatchObject({
      shops: [{ items: [{ available: false, unavailable_reason: 'not_shippable' }], shipping: '0.00', delivery: null }],
    })
  }
  expectProblem(await buyer.call('GET', '/v1/cart?country=XX'), 422, 'invalid_input')
  expectProblem(await buyer.call('GET', '/v1/cart?country=de'), 422, 'invalid_input')
})

test('a checkout charges the chosen upgrade, and the order shows it with the delivery of the cart', async () => {
  const { shop, buyer, quote } = await germanCart()
  const [{ upgrades, delivery, total }] = (await quote('?country=DE')).shops as [Cart['shops'][0]]
  const shipping_options = [{ shop_id: shop.id, upgrade_id: upgrades[0]?.id as number }]
  const expected_total = (Number(total) + 8).toFixed(2)
  const bought = expectStatus(await tryCheckOut(buyer, { ...TO_GERMANY, shipping_options, expected_total }), 201)
  expect(bought).toMatchObject({ total: expected_total, orders: [{ shipping: '11.00', shipping_method: 'Express', delivery }] })
  const [order] = bought.orders as [Order]
  expect(expectStatus(await buyer.call<Order>('GET', `/v1/orders/${order.id}`), 200)).toMatchObject({ delivery })
})

test('an item that is not sent to the country of the address stops the checkout', async () => {
  const { buyer, line_id } = await germanCart()
  const problem = expectProblem(await tryCheckOut(buyer), 409, 'not_shippable')
  expect(problem.errors).toMatchObject([{ line_id, code: 'not_shippable' }])
  expectStatus(await tryCheckOut(buyer, TO_GERMANY), 201)
})

test('a wrong upgrade is 422 with its pointer, and charges nothing', async () => {
  const { shop, buyer, quote } = await germanCart()
  const [{ upgrades }] = (await quote('?country=DE')).shops as [Cart['shops'][0]]
  const right = { shop_id: shop.id, upgrade_id: upgrades[0]?.id as number }
  const refused = async (...shipping_options: object[]) =>
    fieldsOf(expectProblem(await tryCheckOut(buyer, { ...TO_GERMANY, shipping_options } as never), 422, 'invalid_input'))
  expect(await refused({ ...right, upgrade_id: right.upgrade_id + 999 })).toEqual(['#/shipping_options/0/upgrade_id'])
  expect(await refused(right, right)).toEqual(['#/shipping_options/1/shop_id'])
  expect(await refused({ shop_id: shop.id })).toEqual(['#/shipping_options/0/upgrade_id'])
  expectStatus(await tryCheckOut(buyer, { ...TO_GERMANY, shipping_options: [right] }), 201)
})
