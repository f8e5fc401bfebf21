/** Lines of listings with variants, or with a text of the buyer, from the cart to the mail of the order. */
import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { CartItemAdded, Order, Page } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  checkOut,
  listItem,
  makeSeller,
  readLines,
  readProduct,
  type Shopper,
  signUp,
  tryCheckOut,
} from '../../../test/support/shopper.ts'
import type { Pool } from '../../platform/db/client.ts'

const { sql } = await startServer()

const add = (buyer: Shopper, body: object) =>
  buyer.call<CartItemAdded>('POST', '/v1/cart/items', { body: { quantity: 1, ...body } })

/** A painting, framed for 30.00 or unframed for 10.00, from one stock, with an optional text on its back. */
async function painting(quantity = 1, is_required = false) {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop, {
    title: 'Painting',
    quantity,
    options: [{ name: 'Frame', values: ['Unframed', 'Framed'] }],
    variants: [{ option_values: ['Unframed'] }, { option_values: ['Framed'], price: '30.00', sku: 'PAINT-F' }],
    personalization: { instructions: 'A name for the back', is_required, max_length: 10 },
  })
  const [plain, framed] = (product.variants ?? []).map(({ id }) => id)
  return { seller, shop, product, plain: plain as number, framed: framed as number, buyer: await signUp() }
}

test('a line names its variant, its price and its text, in the cart and in the order', async () => {
  const { seller, shop, product, framed, buyer } = await painting()
  const added = await add(buyer, { product_id: product.id, variant_id: framed, personalization: 'For Mia' })
  const { line_id, reserved_until } = expectStatus(added, 201)
  expect(reserved_until).not.toBeNull()
  const choice = { variant_id: framed, option_values: ['Framed'], sku: 'PAINT-F', personalization: 'For Mia' }
  expect(await readLines(buyer)).toMatchObject([{ line_id, product_id: product.id, ...choice, unit_price: '30.00' }])
  const { orders } = await checkOut(buyer, { expected_total: '30.00' })
  expect(orders[0]?.items).toMatchObject([{ ...choice, price_at_purchase: '30.00' }])
  const sales = expectStatus(await seller.call<Page<Order>>('GET', `/v1/shops/${shop.id}/orders`), 200)
  expect(sales.items[0]?.items).toMatchObject([choice])
  const { items: events } = expectStatus(await seller.call<Page<object>>('GET', `/v1/orders/${orders[0]?.id}/events`), 200)
  expect(JSON.stringify(events)).toContain('Framed')
  expect(JSON.stringify(events)).not.toContain('For Mia')
  expect(await readProduct(product.id)).toMatchObject({ quantity: 0 })
})

test('a shared unit is held whole, and another text is another line', async () => {
  const { product, plain, framed, buyer } = await painting()
  expectStatus(await add(buyer, { product_id: product.id, variant_id: plain }), 201)
  expectProblem(await add(await signUp(), { product_id: product.id, variant_id: framed }), 409, 'item_reserved')
  const many = await painting(5)
  const line = { product_id: many.product.id, variant_id: many.plain }
  for (const personalization of ['Mia', 'Leo', 'Mia']) expectStatus(await add(many.buyer, { ...line, personalization }), 201)
  expect(await readLines(many.buyer)).toMatchObject([
    { personalization: 'Mia', quantity: 2 },
    { personalization: 'Leo', quantity: 1 },
  ])
  expectProblem(
    await many.buyer.call('PATCH', `/v1/cart/items/${many.product.id}`, { body: { quantity: 1 } }),
    409,
    'ambiguous_line',
  )
})

test('names what is missing or wrong', async () => {
  const { seller, shop, product, plain, buyer } = await painting(3, true)
  const other = await listItem(seller, shop)
  const refused = async (body: object, code: string) => expectProblem(await add(buyer, body), 422, code)
  expect(fieldsOf(await refused({ product_id: product.id }, 'variant_required'))).toEqual(['#/variant_id'])
  await refused({ product_id: other.id, variant_id: plain }, 'variant_unknown')
  await refused({ product_id: product.id, variant_id: 1e9 }, 'variant_unknown')
  const line = { product_id: product.id, variant_id: plain }
  expect(fieldsOf(await refused(line, 'personalization_required'))).toEqual(['#/personalization'])
  for (const personalization of ['', '   ', 'A very long name', 7, 'x'.repeat(1025)])
    expect(fieldsOf(await refused({ ...line, personalization }, 'invalid_input'))).toEqual(['#/personalization'])
  expect(fieldsOf(await refused({ product_id: other.id, personalization: 'Mia' }, 'invalid_input'))).toEqual([
    '#/personalization',
  ])
  expect(await readLines(buyer)).toEqual([])
})

test.if(sql !== null)('a removed variant makes its line unavailable, and the checkout names it', async () => {
  const { product, framed, buyer } = await painting(2)
  const { line_id } = expectStatus(await add(buyer, { product_id: product.id, variant_id: framed }), 201)
  await (sql as Pool)`update variants set archived_at = now() where id = ${framed}`
  expect(await readLines(buyer)).toMatchObject([{ available: false, unavailable_reason: 'variant_gone' }])
  const problem = expectProblem(await tryCheckOut(buyer), 409, 'insufficient_stock')
  expect(problem.errors).toMatchObject([{ line_id, code: 'variant_gone' }])
})
