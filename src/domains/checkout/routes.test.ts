import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf, type ProblemBody } from '../../../test/support/api.ts'
import type { Answer } from '../../../test/support/client.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import type { Checkout, Product } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  checkOut,
  eventually,
  freeShipping,
  listItem,
  makeSeller,
  readCart,
  readLines,
  readOrders,
  readProduct,
  type Shopper,
  setStock,
  signUp,
  tryCheckOut,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

async function cartOf(quantity: number, changes: Record<string, unknown> = {}) {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop, { quantity: quantity + 5, ...changes })
  const buyer = await signUp('Bo')
  await addToCart(buyer, product, quantity)
  return { seller, shop, product, buyer }
}

/** An item that exists once, in a cart that holds it. */
const cartOfHeldItem = () => cartOf(1, { quantity: 1 })

/** The breaker opens if a quarter of the calls fail, so a test first makes enough calls that succeed. */
async function keepProviderInUse() {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop, { quantity: 10 })
  const buyer = await signUp()
  for (let i = 0; i < 8; i++) {
    await addToCart(buyer, product)
    await checkOut(buyer)
  }
}

describe('POST /v1/checkout', () => {
  test('two shops: one payment, two orders, totals to the cent', async () => {
    const first = await makeSeller({ shipping: { ...freeShipping, base: '4.99', per_extra_item: '1.01' } })
    const second = await makeSeller({ shipping: { ...freeShipping, base: '0.33' } })
    const bowl = await listItem(first.seller, first.shop, { title: 'Bowl', price: '19.99', quantity: 5 })
    const cup = await listItem(first.seller, first.shop, { title: 'Cup', price: '0.01' })
    const scarf = await listItem(second.seller, second.shop, { title: 'Scarf', price: '100' })
    const buyer = await signUp()
    await addToCart(buyer, scarf)
    await addToCart(buyer, cup)
    await addToCart(buyer, bowl, 3)
    const line = { line_id: expect.any(Number), variant_id: null, option_values: [], sku: null, personalization: null }
    const { total } = await readCart(buyer)
    const answer = await tryCheckOut(buyer, { expected_total: total })
    const checkout = expectStatus(answer, 201)
    expect(checkout).toMatchObject({ total: '168.33', payment: { status: 'paid' } })
    expect(answer.headers.get('location')).toBe(`/v1/checkouts/${checkout.checkout_id}`)
    expect(checkout.orders).toHaveLength(2)
    const [pottery, textiles] = checkout.orders
    const { id, created_at, updated_at, ...rest } = pottery as (typeof checkout.orders)[number]
    expect(rest).toEqual({
      checkout_id: checkout.checkout_id,
      shop_id: first.shop.id,
      buyer_id: buyer.id,
      status: 'paid',
      subtotal: '59.98',
      discount: '0.00',
      shipping: '8.02',
      tax: '0.00',
      total: '68.00',
      refunded: '0.00',
      ship_by: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
      shipping_address: ADDRESS,
      note: null,
      is_gift: false,
      gift_message: null,
      tracking: null,
      is_made_to_order: false,
      late_since: null,
      shipping_method: null,
      delivery: null,
      items: [
        { ...line, product_id: cup.id, title: 'Cup', quantity: 1, price_at_purchase: '0.01' },
        { ...line, product_id: bowl.id, title: 'Bowl', quantity: 3, price_at_purchase: '19.99' },
      ],
      refunds: [],
      shipments: [],
      disputes: [],
    })
    expect(id).toBeGreaterThan(0)
    expect(Date.parse(created_at)).toBeLessThanOrEqual(Date.parse(updated_at))
    expect(textiles).toMatchObject({ shop_id: second.shop.id, subtotal: '100.00', shipping: '0.33', total: '100.33' })
  })

  test('takes the stock, counts the sales and clears the cart; each later read shows that', async () => {
    const { shop, product, buyer } = await cartOf(3)
    const checkout = await checkOut(buyer)
    expect(await readProduct(product.id)).toMatchObject({ quantity: 5, state: 'active' })
    expect(await readLines(buyer)).toEqual([])
    expect((await api<{ sales_count: number }>('GET', `/v1/shops/${shop.id}`)).body.sales_count).toBe(3)
    expect(await readOrders(buyer)).toEqual(checkout.orders)
    expect(expectStatus(await buyer.call<Checkout>('GET', `/v1/checkouts/${checkout.checkout_id}`), 200)).toEqual(checkout)
  })

  test('orders keep the paid prices after a price change', async () => {
    const { seller, product, buyer } = await cartOf(1)
    const [order] = (await checkOut(buyer)).orders
    expectStatus(await seller.call('PATCH', `/v1/products/${product.id}`, { body: { price: '99', title: 'Renamed' } }), 200)
    expect(expectStatus(await buyer.call('GET', `/v1/orders/${order?.id}`), 200)).toEqual(order)
  })

  test('a line that is added after the checkout stays in the cart', async () => {
    const { product, buyer } = await cartOf(1)
    await checkOut(buyer)
    await addToCart(buyer, product, 2)
    expect(await readLines(buyer)).toMatchObject([{ quantity: 2 }])
  })
})

describe('POST /v1/checkout rejects, and nothing changes:', () => {
  async function expectNothingHappened(
    buyer: Shopper,
    product: Product,
    act: () => Promise<Answer<Checkout>>,
    status: number,
    code: string,
  ) {
    const before = [await readCart(buyer), await readProduct(product.id), await readOrders(buyer)]
    const problem = expectProblem(await act(), status, code)
    expect([await readCart(buyer), await readProduct(product.id), await readOrders(buyer)]).toEqual(before)
    return problem
  }

  test('a total that the provider does not charge', async () => {
    const { product, buyer } = await cartOf(1, { price: '0.49' })
    const problem = await expectNothingHappened(buyer, product, () => tryCheckOut(buyer), 422, 'amount_out_of_range')
    expect(problem).toMatchObject({ min: '0.50', max: '999999.99', total: '0.49' })
  })

  test('an empty cart', async () => {
    expectProblem(await tryCheckOut(await signUp()), 409, 'cart_empty')
  })

  test('one line short of stock: no line is ordered', async () => {
    const { seller, shop, product, buyer } = await cartOf(3)
    const other = await listItem(seller, shop)
    await addToCart(buyer, other)
    await setStock(seller, product, 2)
    const problem = await expectNothingHappened(buyer, other, () => tryCheckOut(buyer), 409, 'insufficient_stock')
    expect(problem).toMatchObject({ success: false, product_id: product.id, available: 2 })
  })

  test('an item that another buyer holds', async () => {
    const { seller, product, buyer } = await cartOf(1)
    await setStock(seller, product, 1)
    const { reserved_until } = await addToCart(await signUp(), product)
    const problem = await expectNothingHappened(buyer, product, () => tryCheckOut(buyer), 409, 'item_reserved')
    expect(problem).toMatchObject({ success: false, detail: 'Someone else is checking out...', product_id: product.id })
    expect(problem.reserved_until).toBe(reserved_until as string)
  })

  test("a total that differs from the buyer's", async () => {
    const { seller, product, buyer } = await cartOf(1)
    expectStatus(await seller.call('PATCH', `/v1/products/${product.id}`, { body: { price: '12.34' } }), 200)
    const problem = await expectNothingHappened(
      buyer,
      product,
      () => tryCheckOut(buyer, { expected_total: '10.00' }),
      409,
      'price_changed',
    )
    expect(problem.total).toBe('12.34')
    expectStatus(await tryCheckOut(buyer, { expected_total: '12.34' }), 201)
  })

  test('a raised price or shipping, unless the buyer accepts the new total', async () => {
    const { seller, shop, product, buyer } = await cartOf(1)
    expectStatus(await seller.call('PATCH', `/v1/products/${product.id}`, { body: { price: '12.00' } }), 200)
    const problem = await expectNothingHappened(buyer, product, () => tryCheckOut(buyer), 409, 'price_changed')
    expect(problem).toMatchObject({ total: '12.00', errors: [{ pointer: '#/shops/0/items/0', product_id: product.id }] })
    const shipping = { ...freeShipping, base: '99.00' }
    expectStatus(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body: { shipping } }), 200)
    const raised = expectProblem(await tryCheckOut(buyer), 409, 'price_changed')
    expect(raised.total).toBe('111.00')
    expectStatus(await tryCheckOut(buyer, { expected_total: raised.total }), 201)
  })

  test('all lines with errors at once; a replay returns the same', async () => {
    const { seller, shop, product, buyer } = await cartOf(3)
    const gone = await listItem(seller, shop)
    await addToCart(buyer, gone)
    await setStock(seller, product, 2)
    expectStatus(await seller.call('DELETE', `/v1/products/${gone.id}`), 204)
    const key = crypto.randomUUID()
    const problem = expectProblem(await tryCheckOut(buyer, {}, key), 409, 'insufficient_stock')
    expect(problem).toMatchObject({
      product_id: product.id,
      available: 2,
      errors: [
        { pointer: '#/shops/0/items/0', product_id: product.id, code: 'insufficient_stock' },
        { pointer: '#/shops/0/items/1', product_id: gone.id, code: 'archived' },
      ],
    })
    const again = await tryCheckOut(buyer, {}, key)
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([JSON.stringify(problem), 'true'])
  })

  test('a missing or invalid Idempotency-Key', async () => {
    const { product, buyer } = await cartOf(1)
    const body = { shipping_address: ADDRESS, payment_method: 'pm_card_visa' }
    const send = (headers: Record<string, string>) => buyer.call<Checkout>('POST', '/v1/checkout', { body, headers })
    await expectNothingHappened(buyer, product, () => send({}), 400, 'idempotency_key_missing')
    await expectNothingHappened(buyer, product, () => send({ 'Idempotency-Key': '  ' }), 400, 'idempotency_key_missing')
    for (const key of ['k'.repeat(256), 'clé', '""', 'a\tb']) {
      const problem = await expectNothingHappened(
        buyer,
        product,
        () => send({ 'Idempotency-Key': key }),
        400,
        'idempotency_key_invalid',
      )
      expect(fieldsOf(problem)).toEqual(['#/Idempotency-Key'])
    }
  })

  test('an invalid address or method, by field', async () => {
    const { product, buyer } = await cartOf(1)
    const wrong = {
      shipping_address: { name: '', line1: 5, city: 'x', postal_code: '1', country: 'US', planet: 'Earth' },
      payment_method: '',
    }
    const problem = await expectNothingHappened(buyer, product, () => tryCheckOut(buyer, wrong), 422, 'invalid_input')
    expect(fieldsOf(problem).sort()).toEqual([
      '#/payment_method',
      '#/shipping_address/line1',
      '#/shipping_address/name',
      '#/shipping_address/planet',
    ])
  })

  test.each(['Narnia', '🇺🇸', 'XX', 'us', 'United States', null])('the country %p', async (country) => {
    const { product, buyer } = await cartOf(1)
    const wrong = { shipping_address: { ...ADDRESS, country } }
    const problem = await expectNothingHappened(buyer, product, () => tryCheckOut(buyer, wrong), 422, 'invalid_input')
    expect(fieldsOf(problem)).toEqual(['#/shipping_address/country'])
    expect(problem.detail).toContain('"US"')
  })

  test('a missing postal code in a country with postal codes; the same key accepts the corrected address', async () => {
    const { product, buyer } = await cartOf(1)
    const { postal_code: _, region: __, ...without } = ADDRESS
    const key = crypto.randomUUID()
    const to = (address: object) => tryCheckOut(buyer, { shipping_address: address }, key)
    for (const address of [without, { ...without, postal_code: null }]) {
      const problem = await expectNothingHappened(buyer, product, () => to(address), 422, 'invalid_input')
      expect(fieldsOf(problem)).toEqual(['#/shipping_address/postal_code'])
    }
    const hong_kong = { ...without, country: 'HK' }
    expect(expectStatus(await to(hong_kong), 201).orders[0]?.shipping_address).toEqual(hong_kong)
  })

  test('a call without a session', async () => {
    expectProblem(await api('POST', '/v1/checkout', { raw: 'not even json' }), 401, 'unauthorized')
  })
})

describe('Idempotency-Key', () => {
  test('a replay returns the bytes of the first response', async () => {
    const { product, buyer } = await cartOf(2)
    const key = crypto.randomUUID()
    const first = await tryCheckOut(buyer, {}, key)
    expectStatus(first, 201)
    expect(first.headers.has('idempotency-replayed')).toBe(false)
    const replay = await tryCheckOut(buyer, {}, key)
    expect([replay.status, replay.text]).toEqual([first.status, first.text])
    expect(replay.headers.get('idempotency-replayed')).toBe('true')
    for (const name of ['content-type', 'location', 'cache-control'])
      expect(replay.headers.get(name)).toBe(first.headers.get(name))
    expect(await readOrders(buyer)).toHaveLength(1)
    expect((await readProduct(product.id)).quantity).toBe(5)
  })

  test('replays a rejection, even if the cart has become valid', async () => {
    const { seller, product, buyer } = await cartOf(3)
    await setStock(seller, product, 1)
    const key = crypto.randomUUID()
    const first = await tryCheckOut(buyer, {}, key)
    expectProblem(first, 409, 'insufficient_stock')
    await setStock(seller, product, 9)
    const replay = await tryCheckOut(buyer, {}, key)
    expect([replay.status, replay.text]).toEqual([first.status, first.text])
    expect(replay.headers.get('idempotency-replayed')).toBe('true')
    expectStatus(await tryCheckOut(buyer), 201)
  })

  test('is the same quoted and bare, with up to 255 characters', async () => {
    const { buyer } = await cartOf(1)
    const key = crypto.randomUUID().padEnd(255, ' ~!k')
    const first = expectStatus(await tryCheckOut(buyer, {}, key), 201)
    const replay = await tryCheckOut(buyer, {}, `"${key}"`)
    expect(expectStatus(replay, 201)).toEqual(first)
    expect(replay.headers.get('idempotency-replayed')).toBe('true')
  })

  test('with another body is a mistake; another spelling of the same body is the same', async () => {
    const { buyer } = await cartOf(1)
    const key = crypto.randomUUID()
    const first = await tryCheckOut(buyer, {}, key)
    expectStatus(first, 201)
    const other = { shipping_address: { ...ADDRESS, line1: '2 Mill Lane' } }
    expectProblem(await tryCheckOut(buyer, other, key), 422, 'idempotency_mismatch')
    const turned = { shipping_address: Object.fromEntries(Object.entries(ADDRESS).reverse()) }
    expect((await tryCheckOut(buyer, turned, key)).text).toBe(first.text)
  })

  test('null is the same as a missing field', async () => {
    const { buyer } = await cartOf(1)
    const key = crypto.randomUUID()
    const nothing = { expected_total: null, shipping_address: { ...ADDRESS, line2: null } }
    const first = await tryCheckOut(buyer, nothing, key)
    expectStatus(first, 201)
    const replay = await tryCheckOut(buyer, {}, key)
    expect([replay.status, replay.text]).toEqual([201, first.text])
  })

  test('belongs to its user', async () => {
    const one = await cartOf(1)
    const two = await cartOf(1)
    const key = crypto.randomUUID()
    const first = expectStatus(await tryCheckOut(one.buyer, {}, key), 201)
    const second = expectStatus(await tryCheckOut(two.buyer, {}, key), 201)
    expect(second.checkout_id).not.toBe(first.checkout_id)
  })

  test('an invalid request does not use up the key', async () => {
    const { buyer } = await cartOf(1)
    const key = crypto.randomUUID()
    expectProblem(await tryCheckOut(buyer, { payment_method: 5 }, key), 422, 'invalid_input')
    expectStatus(await tryCheckOut(buyer, {}, key), 201)
  })

  test('a hundred concurrent calls with one key are one checkout', async () => {
    const { product, buyer } = await cartOf(2)
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 100 }, () => tryCheckOut(buyer, {}, key)))
    const done = answers.filter((answer) => answer.status === 201)
    for (const answer of answers)
      if (answer.status !== 201) {
        expectProblem(answer, 409, 'idempotency_in_progress')
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
    expect(new Set(done.map((answer) => answer.text)).size).toBe(1)
    expect(done.filter((answer) => !answer.headers.has('idempotency-replayed'))).toHaveLength(1)
    expect((await tryCheckOut(buyer, {}, key)).text).toBe(done[0]?.text as string)
    expect(await readOrders(buyer)).toHaveLength(1)
    expect((await readProduct(product.id)).quantity).toBe(5)
  }, 30_000)

  test('two concurrent keys for one cart: one checkout, and the other finds the cart empty', async () => {
    const { buyer } = await cartOf(2)
    const answers = await Promise.all([tryCheckOut(buyer), tryCheckOut(buyer)])
    const [paid, refused] = answers.sort((a, b) => a.status - b.status) as [Answer<Checkout>, Answer<Checkout>]
    expectStatus(paid, 201)
    expectProblem(refused, 409, 'cart_empty')
    expect(await readOrders(buyer)).toHaveLength(1)
  })
})

describe('payment', () => {
  test('declined: 402, and stock, cart and the rest of the hold are back before the response', async () => {
    const { shop, product, buyer } = await cartOfHeldItem()
    const cart = await readCart(buyer)
    const key = crypto.randomUUID()
    const answer = await tryCheckOut(buyer, { payment_method: 'pm_card_chargeDeclined' }, key)
    expectProblem(answer, 402, 'payment_declined')
    expect(await readCart(buyer)).toEqual(cart)
    expect(await readProduct(product.id)).toMatchObject({ quantity: 1, state: 'active' })
    expect((await api<{ sales_count: number }>('GET', `/v1/shops/${shop.id}`)).body.sales_count).toBe(0)
    expect((await readOrders(buyer)).map((order) => order.status)).toEqual(['cancelled'])
    expect((await tryCheckOut(buyer, { payment_method: 'pm_card_chargeDeclined' }, key)).text).toBe(answer.text)
    expectStatus(await tryCheckOut(buyer), 201)
  })

  test('unavailable: 503, everything is back, and the same key works later', async () => {
    await keepProviderInUse()
    const { product, buyer } = await cartOfHeldItem()
    const cart = await readCart(buyer)
    const key = crypto.randomUUID()
    const answer = await tryCheckOut(buyer, { payment_method: 'pm_card_error' }, key)
    expectProblem(answer, 503, 'payment_unavailable')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await readCart(buyer)).toEqual(cart)
    expect((await readProduct(product.id)).quantity).toBe(1)
    expectStatus(await tryCheckOut(buyer, {}, key), 201)
    expect((await readProduct(product.id)).quantity).toBe(0)
  }, 30_000)

  test('no response in time: 202 and a checkout to poll, which becomes paid', async () => {
    await keepProviderInUse()
    const { product, buyer } = await cartOfHeldItem()
    const key = crypto.randomUUID()
    const answer = await tryCheckOut(buyer, { payment_method: 'pm_card_timeout' }, key)
    const pending = expectStatus(answer, 202)
    expect(pending).toMatchObject({ payment: { status: 'pending' }, total: '10.00', orders: [{ status: 'pending' }] })
    const location = answer.headers.get('location') as string
    expect(location).toBe(`/v1/checkouts/${pending.checkout_id}`)
    expect((await readProduct(product.id)).quantity).toBe(0)
    expectProblem(await (await signUp()).call('GET', location), 404, 'not_found')
    const read = async () => expectStatus(await buyer.call<Checkout>('GET', location), 200)
    const settled = await eventually(60_000, read, (checkout) => checkout.payment.status !== 'pending')
    expect(settled).toMatchObject({ checkout_id: pending.checkout_id, payment: { status: 'paid' }, orders: [{ status: 'paid' }] })
    expect((await readProduct(product.id)).quantity).toBe(0)
    expect((await tryCheckOut(buyer, { payment_method: 'pm_card_timeout' }, key)).text).toBe(answer.text)
  }, 90_000)
})

describe('GET /v1/checkouts/{id}', () => {
  test('is visible to its buyer only; other callers get 404', async () => {
    const { seller, buyer } = await cartOf(1)
    const { checkout_id } = await checkOut(buyer)
    const { request_id: _, ...foreign } = expectProblem(
      await seller.call<ProblemBody>('GET', `/v1/checkouts/${checkout_id}`),
      404,
      'not_found',
    )
    const { request_id: __, ...absent } = expectProblem(
      await buyer.call<ProblemBody>('GET', `/v1/checkouts/${Number.MAX_SAFE_INTEGER}`),
      404,
      'not_found',
    )
    expect(foreign).toEqual(absent)
    expectProblem(await api('GET', `/v1/checkouts/${checkout_id}`), 401, 'unauthorized')
  })
})
