import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import { lapseHolds } from '../../../test/support/factory.ts'
import type { Cart } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  freeShipping,
  listItem,
  makeSeller,
  openShop,
  readCart,
  readLines,
  type Shopper,
  setStock,
  signUp,
  tryCheckOut,
} from '../../../test/support/shopper.ts'
import type { Pool } from '../../platform/db/client.ts'

const { api, sql } = await startServer()

const MINUTE_MS = 60_000
const ABSENT = Number.MAX_SAFE_INTEGER

const tryToAdd = (buyer: Shopper, product_id: number, quantity = 1) =>
  buyer.call('POST', '/v1/cart/items', { body: { product_id, quantity } })

async function stallWith(quantity: number) {
  const { seller, shop } = await makeSeller()
  return { seller, shop, product: await listItem(seller, shop, { quantity }), buyer: await signUp() }
}

describe('GET /v1/cart', () => {
  test('is empty at first', async () => {
    expect(await readCart(await signUp())).toEqual({
      shops: [],
      subtotal: '0.00',
      discount: '0.00',
      shipping: '0.00',
      tax: '0.00',
      total: '0.00',
      lapsed: [],
    })
  })

  test('groups by shop, with shipping and totals to the cent', async () => {
    const { seller, shop } = await makeSeller({
      name: 'Kiln',
      shipping: { ...freeShipping, base: '4.99', per_extra_item: '1.01' },
    })
    const other = await openShop(seller, { name: 'Loom', shipping: { ...freeShipping, base: '0.10' } })
    const bowl = await listItem(seller, shop, { title: 'Bowl', price: '19.99', quantity: 5 })
    const cup = await listItem(seller, shop, { title: 'Cup', price: '0.01' })
    const scarf = await listItem(seller, other, { title: 'Scarf', price: '100' })
    const buyer = await signUp()
    await addToCart(buyer, scarf)
    await addToCart(buyer, bowl, 3)
    const { reserved_until } = await addToCart(buyer, cup)
    const [kiln, loom, ...rest] = (await readCart(buyer)).shops
    expect(rest).toEqual([])
    expect(kiln).toEqual({
      shop: { id: shop.id, name: 'Kiln', rating: null, is_on_vacation: false, vacation_message: null },
      items: [
        {
          line_id: expect.any(Number),
          product_id: bowl.id,
          variant_id: null,
          title: 'Bowl',
          option_values: [],
          sku: null,
          personalization: null,
          quantity: 3,
          unit_price: '19.99',
          price_when_added: '19.99',
          price_changed: null,
          reserved_until: null,
          available: true,
          available_quantity: 5,
          unavailable_reason: null,
        },
        {
          line_id: expect.any(Number),
          product_id: cup.id,
          variant_id: null,
          title: 'Cup',
          option_values: [],
          sku: null,
          personalization: null,
          quantity: 1,
          unit_price: '0.01',
          price_when_added: '0.01',
          price_changed: null,
          reserved_until,
          available: true,
          available_quantity: 1,
          unavailable_reason: null,
        },
      ],
      subtotal: '59.98',
      discount: '0.00',
      // 4.99 for the first of four units, 1.01 for each of the others.
      shipping: '8.02',
      tax: '0.00',
      total: '68.00',
      upgrades: [],
      delivery: null,
    } as typeof kiln)
    expect(loom).toMatchObject({ subtotal: '100.00', shipping: '0.10', total: '100.10' })
    expect(await readCart(buyer)).toMatchObject({ subtotal: '159.98', shipping: '8.12', total: '168.10' })
  })

  test("shows today's price and the price when the line was added", async () => {
    const { seller, product, buyer } = await stallWith(2)
    await addToCart(buyer, product, 2)
    expectStatus(await seller.call('PATCH', `/v1/products/${product.id}`, { body: { price: '12.5' } }), 200)
    expect(await readLines(buyer)).toMatchObject([{ unit_price: '12.50', price_when_added: '10.00' }])
    expect(await readCart(buyer)).toMatchObject({ total: '25.00' })
  })

  test('shows whether each line can be ordered now', async () => {
    const { seller, product, buyer } = await stallWith(3)
    await addToCart(buyer, product, 3)
    expect((await readLines(buyer))[0]?.available).toBe(true)
    await setStock(seller, product, 2)
    expect((await readLines(buyer))[0]?.available).toBe(false)
  })

  test('a line whose last unit another buyer holds is unavailable', async () => {
    const { seller, product, buyer } = await stallWith(2)
    await addToCart(buyer, product)
    await setStock(seller, product, 1)
    const holder = await signUp()
    await addToCart(holder, product)
    expect((await readLines(holder))[0]?.available).toBe(true)
    expect((await readLines(buyer))[0]?.available).toBe(false)
  })
})

describe('POST /v1/cart/items', () => {
  test('rejects an own item, and a shop on vacation with its message', async () => {
    const { seller, shop, product, buyer } = await stallWith(3)
    expectProblem(await tryToAdd(seller, product.id), 409, 'own_item')
    await addToCart(buyer, product)
    const vacation = { is_on_vacation: true, vacation_message: 'Back in May.' }
    expectStatus(await seller.call('PATCH', `/v1/shops/${shop.id}`, { body: vacation }), 200)
    expect(expectProblem(await tryToAdd(buyer, product.id), 409, 'shop_on_vacation')).toMatchObject({
      success: false,
      shop_id: shop.id,
      vacation_message: 'Back in May.',
    })
    expect(await readCart(buyer)).toMatchObject({ total: '0.00', shops: [{ shop: vacation, items: [{ available: false }] }] })
  })

  test('an item that is removed and added again is held until the same moment', async () => {
    const { product, buyer } = await stallWith(1)
    const first = await addToCart(buyer, product)
    expectStatus(await buyer.call('DELETE', `/v1/cart/items/${product.id}`), 204)
    expect(await addToCart(buyer, product)).toEqual({ ...first, line_id: expect.any(Number) })
  })

  test('holds a one-of-a-kind item for 15 minutes', async () => {
    const { product, buyer } = await stallWith(1)
    const before = Date.now()
    const answer = await tryToAdd(buyer, product.id)
    const added = expectStatus(answer, 201) as { success: boolean; reserved_until: string }
    expect(Object.keys(added).sort()).toEqual(['line_id', 'reserved_until', 'success'])
    expect(added.success).toBe(true)
    // A minute of grace: the server's clock is another one.
    expect(Date.parse(added.reserved_until)).toBeGreaterThan(before + 14 * MINUTE_MS)
    expect(Date.parse(added.reserved_until)).toBeLessThan(Date.now() + 16 * MINUTE_MS)
    expect(answer.headers.get('location')).toBe('/v1/cart')
  })

  test('another buyer gets 409 with the end of the hold', async () => {
    const { product, buyer } = await stallWith(1)
    const { reserved_until } = await addToCart(buyer, product)
    const other = await signUp()
    const problem = expectProblem(await tryToAdd(other, product.id), 409, 'item_reserved')
    expect(problem).toMatchObject({ success: false, detail: 'Someone else is checking out...' })
    expect(problem.reserved_until).toBe(reserved_until as string)
    expect(await readLines(other)).toEqual([])
  })

  test('adding it again keeps quantity 1 and the end of the hold', async () => {
    const { product, buyer } = await stallWith(1)
    const first = await addToCart(buyer, product)
    expect(await addToCart(buyer, product)).toEqual(first)
    expect(await readLines(buyer)).toMatchObject([{ quantity: 1, reserved_until: first.reserved_until }])
  })

  test('with stock above 1 nothing is held, quantities add up, and the sum must be in stock', async () => {
    const { product, buyer } = await stallWith(3)
    expect(await addToCart(buyer, product, 2)).toMatchObject({ success: true, reserved_until: null })
    await addToCart(buyer, product, 1)
    const problem = expectProblem(await tryToAdd(buyer, product.id), 409, 'insufficient_stock')
    expect(problem).toMatchObject({ success: false, available: 3, product_id: product.id })
    expect(await readLines(buyer)).toMatchObject([{ quantity: 3 }])
  })

  test('a sold-out item and two of a one-of-a-kind item are rejected', async () => {
    const soldOut = await stallWith(0)
    expectProblem(await tryToAdd(soldOut.buyer, soldOut.product.id), 409, 'insufficient_stock')
    const single = await stallWith(1)
    expectProblem(await tryToAdd(single.buyer, single.product.id, 2), 409, 'insufficient_stock')
    expect(await readLines(single.buyer)).toEqual([])
  })

  test('a missing product is 404; an invalid quantity is named', async () => {
    const { product, buyer } = await stallWith(1)
    expectProblem(await tryToAdd(buyer, ABSENT), 404, 'not_found')
    for (const quantity of [0, -1, 1.5, 1e30, '1', null]) {
      const answer = await buyer.call('POST', '/v1/cart/items', { body: { product_id: product.id, quantity } })
      expect(fieldsOf(expectProblem(answer, 422, 'invalid_input'))).toEqual(['#/quantity'])
    }
  })

  test('one of twelve concurrent buyers gets the item', async () => {
    const { product } = await stallWith(1)
    const buyers = await Promise.all(Array.from({ length: 12 }, () => signUp()))
    const answers = await Promise.all(buyers.map((buyer) => tryToAdd(buyer, product.id)))
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 409, 'item_reserved')
  }, 30_000)
})

describe('PATCH /v1/cart/items/{product_id}', () => {
  test('sets the quantity, and returns the cart', async () => {
    const { product, buyer } = await stallWith(5)
    await addToCart(buyer, product, 2)
    const path = `/v1/cart/items/${product.id}`
    const cart = expectStatus(await buyer.call<Cart>('PATCH', path, { body: { quantity: 4 } }), 200)
    expect(cart).toEqual(await readCart(buyer))
    expect(cart).toMatchObject({ total: '40.00', shops: [{ items: [{ quantity: 4 }] }] })
    expectProblem(await buyer.call('PATCH', path, { body: { quantity: 6 } }), 409, 'insufficient_stock')
    expect(fieldsOf(expectProblem(await buyer.call('PATCH', path, { body: { quantity: 0 } }), 422))).toEqual(['#/quantity'])
    expect(await readCart(buyer)).toEqual(cart)
  })

  test('is 404 for a product that is not in the cart', async () => {
    const { product, buyer } = await stallWith(5)
    expectProblem(await buyer.call('PATCH', `/v1/cart/items/${product.id}`, { body: { quantity: 1 } }), 404, 'not_found')
    expect(await readLines(buyer)).toEqual([])
  })

  test("changes only the caller's cart", async () => {
    const { product, buyer } = await stallWith(5)
    await addToCart(buyer, product, 2)
    const other = await signUp()
    expectProblem(await other.call('PATCH', `/v1/cart/items/${product.id}`, { body: { quantity: 1 } }), 404, 'not_found')
    expectStatus(await other.call('DELETE', `/v1/cart/items/${product.id}`), 204)
    expect(await readLines(buyer)).toMatchObject([{ quantity: 2 }])
  })
})

describe('DELETE /v1/cart/items/{product_id}', () => {
  test('releases the hold at once', async () => {
    const { product, buyer } = await stallWith(1)
    await addToCart(buyer, product)
    const gone = await buyer.call('DELETE', `/v1/cart/items/${product.id}`)
    expectStatus(gone, 204)
    expect(gone.text).toBe('')
    expect(await readLines(buyer)).toEqual([])
    expect((await addToCart(await signUp(), product)).success).toBe(true)
  })

  test('requires a session', async () => {
    expectProblem(await api('DELETE', '/v1/cart/items/1'), 401, 'unauthorized')
  })
})

describe.if(sql !== null)('a line whose hold has expired', () => {
  const pool = sql as Pool
  const lapse = (buyer: Shopper) => lapseHolds(pool, buyer.id)
  const expire = () => pool`select * from expire_reservations()`

  test('can be ordered until the item is sold; then the cart reports it, before any checkout', async () => {
    const { seller, shop, product, buyer } = await stallWith(1)
    const other = await listItem(seller, shop, { quantity: 5 })
    await addToCart(buyer, product)
    await addToCart(buyer, other)
    await readCart(buyer)
    await lapse(buyer)
    expect(await readLines(buyer)).toMatchObject([{ available: true }, { available: true }])
    await expire()
    const refused = expectProblem(await tryCheckOut(buyer), 409, 'price_changed')
    expect(refused).toMatchObject({ total: '10.00', errors: [{ pointer: '#/lapsed', product_id: product.id, code: 'lapsed' }] })
    // The first read may find the lines in the cache or not, the second finds them.
    for (let look = 0; look < 2; look++)
      expect(await readCart(buyer)).toMatchObject({ total: '10.00', lapsed: [{ product_id: product.id, title: product.title }] })
    expectStatus(await tryCheckOut(buyer), 201)
  })

  test('stays in the cart without a hold after a declined payment', async () => {
    const { product, buyer } = await stallWith(1)
    await addToCart(buyer, product)
    expectProblem(await tryCheckOut(buyer, { payment_method: 'pm_card_chargeDeclined' }), 402, 'payment_declined')
    await lapse(buyer)
    await expire()
    expect(await readCart(buyer)).toMatchObject({ lapsed: [], shops: [{ items: [{ available: true, reserved_until: null }] }] })
  })
})

describe('lines', () => {
  /** A cart with two lines of one product, as SQL can write them; their ids, oldest first. */
  async function twoLines() {
    const { product, buyer } = await stallWith(5)
    const { line_id } = await addToCart(buyer, product, 2)
    await (sql as Pool)`insert into cart_items (user_id, product_id, quantity) values (${buyer.id}, ${product.id}, 1)`
    const [first, second] = (await readLines(buyer)).map((line) => line.line_id)
    expect(first).toBe(line_id)
    return { product, buyer, first, second }
  }

  test('have their own calls, which change and remove one line', async () => {
    const { buyer, first, second } = await twoLines()
    expectStatus(await buyer.call('PATCH', `/v1/cart/lines/${second}`, { body: { quantity: 3 } }), 200)
    expect(await readLines(buyer)).toMatchObject([
      { line_id: first, quantity: 2 },
      { line_id: second, quantity: 3 },
    ])
    expectProblem(await buyer.call('PATCH', `/v1/cart/lines/${second}`, { body: { quantity: 4 } }), 409, 'insufficient_stock')
    expectStatus(await buyer.call('DELETE', `/v1/cart/lines/${first}`), 204)
    expectStatus(await buyer.call('DELETE', `/v1/cart/lines/${first}`), 204)
    expect(await readLines(buyer)).toMatchObject([{ line_id: second, quantity: 3 }])
  })

  test('of other people cannot be changed or removed', async () => {
    const { buyer, first } = await twoLines()
    const stranger = await signUp()
    expectProblem(await stranger.call('PATCH', `/v1/cart/lines/${first}`, { body: { quantity: 1 } }), 404, 'not_found')
    expectStatus(await stranger.call('DELETE', `/v1/cart/lines/${first}`), 204)
    expect(await readLines(buyer)).toHaveLength(2)
  })

  test('of one product are ambiguous for a call that names the product', async () => {
    const { product, buyer, first, second } = await twoLines()
    const item = `/v1/cart/items/${product.id}`
    for (const answer of [await buyer.call('PATCH', item, { body: { quantity: 1 } }), await buyer.call('DELETE', item)])
      expect(expectProblem(answer, 409, 'ambiguous_line')).toMatchObject({ product_id: product.id, line_ids: [first, second] })
    expectStatus(await buyer.call('DELETE', `/v1/cart/lines/${second}`), 204)
    expectStatus(await buyer.call('DELETE', item), 204)
    expect(await readLines(buyer)).toEqual([])
  })
})
