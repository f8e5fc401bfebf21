import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '../test/support/commands.ts'
import { startServer } from '../test/support/server.ts'
import { inventWord } from '../test/support/shopper.ts'
import { type Client, openClient } from './client.ts'
import type { Product, Shop } from './openapi.ts'

const { url } = await startServer()
const guest = openClient(url)

/** Returns the data of a response. Throws for an error response. */
function answered<T>({ data, error }: { data?: T; error?: unknown }): NonNullable<T> {
  if (data === undefined || data === null) throw new Error(`refused: ${JSON.stringify(error)}`)
  return data
}

async function signUp(display_name: string): Promise<Client> {
  const who = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse battery' }
  answered(await guest.POST('/v1/users', { body: { ...who, display_name } }))
  return openClient(url, answered(await guest.POST('/v1/sessions', { body: who })).token)
}

/** A seller with a shop and one item in it. */
async function makeSeller(title: string): Promise<{ seller: Client; shop: Shop; product: Product }> {
  const seller = await signUp('Sam')
  const shipping = { base: '4.50', per_extra_item: '1.00', processing_days_min: 1, processing_days_max: 3 }
  const shop = answered(await seller.POST('/v1/shops', { body: { name: 'Kiln & Loom', shipping } }))
  const [category] = answered(await guest.GET('/v1/categories')).items
  const body = { title, price: '10.00', category_id: category?.id ?? 0 }
  const product = answered(await seller.POST('/v1/shops/{id}/products', { params: { path: { id: shop.id } }, body }))
  return { seller, shop, product }
}

const shipping_address = { name: 'Ann Lee', line1: '1 Mill Lane', city: 'Portland', postal_code: '97201', country: 'US' }
const newKey = () => ({ header: { 'Idempotency-Key': crypto.randomUUID() } })

describe('the client', () => {
  test('shops: search, a cart of two shops, one checkout, orders, a favorite, and a review once it is shipped', async () => {
    const word = inventWord()
    const [pots, looms] = [await makeSeller(`${word} pot`), await makeSeller(`${word} rug`)]
    const ann = await signUp('Ann')

    const { items } = answered(await ann.GET('/v1/search', { params: { query: { q: word, sort: 'newest' } } }))
    expect(items.map(({ id }) => id).sort()).toEqual([pots.product.id, looms.product.id].sort())
    for (const { id } of items) {
      const { reserved_until } = answered(await ann.POST('/v1/cart/items', { body: { product_id: id, quantity: 1 } }))
      expect(Date.parse(reserved_until ?? '')).toBeGreaterThan(Date.now())
    }
    expect(answered(await ann.GET('/v1/cart'))).toMatchObject({
      shops: [{}, {}],
      subtotal: '20.00',
      shipping: '9.00',
      total: '29.00',
    })

    const body = { payment_method: 'pm_card_visa', shipping_address, expected_total: '29.00' }
    const checkout = answered(await ann.POST('/v1/checkout', { params: newKey(), body }))
    expect(checkout).toMatchObject({ total: '29.00', payment: { status: 'paid' } })
    const orders = answered(await ann.GET('/v1/orders', { params: { query: { status: 'paid' } } })).items
    expect(orders.map(({ shop_id }) => shop_id).sort()).toEqual([pots.shop.id, looms.shop.id].sort())

    const path = { id: orders.find(({ shop_id }) => shop_id === pots.shop.id)?.id ?? 0 }
    const tracking = { carrier: 'Post', tracking_number: 'RR123' }
    const shipped = answered(await pots.seller.POST('/v1/orders/{id}/ship', { params: { path }, body: tracking }))
    expect(shipped).toMatchObject({ status: 'shipped', tracking })
    const review = await ann.POST('/v1/orders/{id}/review', { params: { path }, body: { rating: 5, comment: 'Lovely' } })
    expect(answered(review).rating).toBe(5)

    const liked = { fav_type: 'shop', fav_id: pots.shop.id } as const
    expect((await ann.PUT('/v1/favorites/{fav_type}/{fav_id}', { params: { path: liked } })).response.status).toBe(204)
    expect(answered(await ann.GET('/v1/favorites')).items).toMatchObject([{ ...liked, shop: { rating: 5, favorites_count: 1 } }])
  })

  test('returns an error as a problem with its code', async () => {
    const { data, error, response } = await guest.GET('/v1/products/{id}', { params: { path: { id: 999_999_999 } } })
    expect({ data, code: error?.code, status: response.status }).toEqual({ data: undefined, code: 'not_found', status: 404 })
    const cart = await guest.GET('/v1/cart')
    expect(cart.error?.code).toBe('unauthorized')
  })

  test('the compiler and the service refuse invalid calls', async () => {
    const ann = await signUp('Ann')
    // @ts-expect-error a quantity is a number
    const text = await ann.POST('/v1/cart/items', { body: { product_id: 1, quantity: 'two' } })
    expect(text.error?.errors?.map(({ pointer }) => pointer)).toEqual(['#/quantity'])
    // @ts-expect-error the API has no such sort order
    const sort = await ann.GET('/v1/search', { params: { query: { sort: 'cheapest' } } })
    expect(sort.error?.code).toBe('invalid_input')
    // @ts-expect-error a checkout needs an Idempotency-Key
    const key = await ann.POST('/v1/checkout', { body: { payment_method: 'pm_card_visa', shipping_address } })
    expect(key.error?.code).toBe('idempotency_key_missing')
    // @ts-expect-error the API has no such path
    expect((await ann.GET('/v1/wishlist')).response.status).toBe(404)
    // @ts-expect-error a price is a decimal string and never a float
    answered(await guest.GET('/v1/search')).items.map(({ price }) => price * 2)
  })
})

test('README.md shows example.ts, which runs as it is', async () => {
  const file = join(import.meta.dir, 'example.ts')
  expect(readFileSync(join(import.meta.dir, 'README.md'), 'utf8')).toContain(`\`\`\`ts\n${readFileSync(file, 'utf8')}\`\`\``)
  const { code, output, errors } = await runToEnd([process.execPath, file], { variables: { API_URL: url } })
  expect({ errors, code }).toEqual({ errors: '', code: 0 })
  expect(output).toContain('status: "paid"')
})
