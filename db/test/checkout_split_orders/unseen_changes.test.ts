/** Without an expected_total, a checkout refuses changes that the buyer has not seen: raised prices or shipping, lapsed lines. */
import { describe, expect, test } from 'bun:test'
import { unique } from '../../../test/support/factory.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()

const splitWithTotal = (buyer: number, total: string) => db.splitOrders(buyer, unique('key'), total)

/** Makes a buyer with a line of one item at 10.00. Its shipping costs 2.00 for the first unit and 0.50 for each further one. */
async function stall() {
  const shop = await db.makeShop({ name: 'Kiln', base: '2.00', per_extra_item: '0.50' })
  const product = await db.makeProduct({ shop_id: shop, title: 'Mug', quantity: 9 })
  const buyer = await db.makeUser()
  await db.reserve(buyer, product)
  return { shop, product, buyer }
}

const setPrice = (product: number, price: string) => db.sql`update products set price = ${price} where id = ${product}`
const setShipping = (shop: number, changes: Record<string, string>) =>
  db.sql`update shops set shipping = shipping || ${db.sql.json(changes)} where id = ${shop}`

test('a raised price is rejected with the current total, and accepted with that total', async () => {
  const { product, buyer } = await stall()
  await setPrice(product, '12.00')
  const refusal = await refusalOf(db.splitOrders(buyer))
  expect(refusal).toMatchObject({ code: 'SWPRC', detail: { total: '14.00' } })
  expect(refusal.detail.errors).toEqual([
    {
      pointer: '#/shops/0/items/0',
      detail: '"Mug" now costs $12.00 instead of $10.00.',
      line_id: expect.any(Number),
      product_id: product,
      code: 'price_changed',
    },
  ])
  expect(await splitWithTotal(buyer, '14')).toHaveLength(1)
})

test.each([{ base: '99.00' }, { per_extra_item: '0.51' }])('raised shipping is rejected in the same way: %p', async (changes) => {
  const { shop, product, buyer } = await stall()
  await setShipping(shop, changes as Record<string, string>)
  const refusal = await refusalOf(db.splitOrders(buyer))
  expect(refusal).toMatchObject({ code: 'SWPRC', detail: { errors: [{ product_id: product, code: 'price_changed' }] } })
  expect(await splitWithTotal(buyer, refusal.detail.total as string)).toHaveLength(1)
})

test('a lowered price is accepted', async () => {
  const { shop, product, buyer } = await stall()
  await setPrice(product, '9.00')
  await setShipping(shop, { base: '1.00', per_extra_item: '0.00' })
  expect(await db.splitOrders(buyer)).toMatchObject([{ total: '10.00' }])
})

test('the shipping of further lines is no raise', async () => {
  const { shop, buyer } = await stall()
  await db.reserve(buyer, await db.makeProduct({ shop_id: shop, quantity: 5 }), 3)
  expect(await db.splitOrders(buyer)).toMatchObject([{ total: '43.50' }])
})

test('a raise is named even if another price fell by the same amount', async () => {
  const { shop, product, buyer } = await stall()
  const other = await db.makeProduct({ shop_id: shop, title: 'Bowl', quantity: 9 })
  await db.reserve(buyer, other)
  await setPrice(product, '8.00')
  await setPrice(other, '12.00')
  expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({
    code: 'SWPRC',
    detail: { total: '22.50', errors: [{ product_id: other }] },
  })
  expect(await splitWithTotal(buyer, '22.50')).toHaveLength(1)
})

test('reading the cart, adding again or changing the line does not accept the raise', async () => {
  const { product, buyer } = await stall()
  await setPrice(product, '12.00')
  await db.sql`select * from show_cart(${buyer}, null)`
  await db.reserve(buyer, product)
  await db.sql`select * from change_cart_item(${buyer}, ${product}, 3)`
  expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({ code: 'SWPRC', detail: { total: '39.00' } })
  await db.sql`select remove_cart_item(${buyer}, ${product})`
  await db.reserve(buyer, product)
  expect(await db.splitOrders(buyer)).toMatchObject([{ total: '14.00' }])
})

test('a held item that is added again keeps its hold and its first price', async () => {
  const [buyer, product] = [await db.makeUser(), await db.makeProduct()]
  await db.reserve(buyer, product)
  await setPrice(product, '12.00')
  await db.reserve(buyer, product)
  expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({ code: 'SWPRC', detail: { total: '12.00' } })
})

test('a line that came back from a failed payment keeps its first price', async () => {
  const { shop, product, buyer } = await stall()
  const { checkout_id } = await db.placeCheckout(buyer)
  await db.settleCheckout(checkout_id, 'declined')
  await setShipping(shop, { base: '3.00' })
  expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({
    code: 'SWPRC',
    detail: { errors: [{ product_id: product }] },
  })
})

test('an error of a line comes before a raise', async () => {
  const { product, buyer } = await stall()
  await db.sql`update products set price = 12, quantity = 0 where id = ${product}`
  expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({ code: 'SWSTK' })
})

describe('a cart that lost a lapsed line', () => {
  async function losing() {
    const { product, buyer } = await stall()
    const lost = await db.makeProduct({ title: 'Vase' })
    await db.reserve(buyer, lost)
    await db.lapseHolds(buyer)
    return { product, buyer, lost, expire: () => db.sql`select * from expire_reservations()` }
  }

  test('is rejected once, with the name of the line', async () => {
    const { buyer, lost, expire } = await losing()
    await expire()
    const refusal = await refusalOf(db.splitOrders(buyer))
    expect(refusal).toMatchObject({ code: 'SWPRC', detail: { total: '12.00' } })
    expect(refusal.detail.errors).toEqual([
      { pointer: '#/lapsed', detail: '"Vase" left the cart when its hold lapsed.', product_id: lost, code: 'lapsed' },
    ])
    expect(await splitWithTotal(buyer, '12')).toHaveLength(1)
  })

  test('is rejected if another buyer took over the item', async () => {
    const { buyer, lost } = await losing()
    await db.reserve(await db.makeUser(), lost)
    expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({ code: 'SWPRC', detail: { total: '12.00' } })
  })

  test.each(['read', 'kept', 'changed', 'added', 'removed'])('is accepted after its buyer has %s it', async (how) => {
    const { product, buyer, expire } = await losing()
    await expire()
    const kept = '{}'
    if (how === 'read') await db.sql`select * from show_cart(${buyer}, null)`
    // A page with cached lines shows the lapsed ones too.
    if (how === 'kept') await db.sql`select * from show_cart(${buyer}, ${kept})`
    if (how === 'changed') await db.sql`select * from change_cart_item(${buyer}, ${product}, 1)`
    if (how === 'added') await db.reserve(buyer, await db.makeProduct())
    if (how === 'removed') await db.sql`select remove_cart_item(${buyer}, 999999)`
    expect((await db.splitOrders(buyer)).length).toBeGreaterThan(0)
  })

  test('and all other lines is empty', async () => {
    const { product, buyer, expire } = await losing()
    await db.sql`delete from cart_items where user_id = ${buyer} and product_id = ${product}`
    await expire()
    expect(await refusalOf(db.splitOrders(buyer))).toMatchObject({ code: 'SWCRT' })
  })
})
