import { expect, test } from 'bun:test'
import { unique } from '../../../test/support/factory.ts'
import { type Refusal, refusalOf } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const db = await testDatabase()

/** Makes a cart of three shops, so that a failure can leave a part behind. */
async function fillCart() {
  const [buyer, products] = [await db.makeUser(), await db.makeProducts(3, { quantity: 5 })]
  for (const product of products) await db.putLine(buyer, product, { quantity: 2 })
  return { buyer, products }
}

/** Returns the error of a statement that must leave every table unchanged. */
async function refusedWithoutTrace(statement: () => PromiseLike<unknown>): Promise<Refusal> {
  const before = await db.snapshot()
  const refusal = await refusalOf(statement())
  expect(await db.snapshot()).toEqual(before)
  return refusal
}

const refusedSplit = (buyer: number, total?: string) => refusedWithoutTrace(() => db.splitOrders(buyer, unique('key'), total))

test.each([
  ['quantity = 1', 'insufficient_stock', 'Only 1 left of "Clay mug".', 1],
  ['quantity = 0', 'sold_out', '"Clay mug" is sold out.', 0],
  ['archived_at = now()', 'archived', '"Clay mug" is no longer for sale.', 0],
])('one unavailable item (%s): nothing happens', async (set, code, message, available) => {
  const { buyer, products } = await fillCart()
  await db.sql.unsafe(`update products set title = 'Clay mug', ${set} where id = $1`, [products[1]])
  const detail = { success: false, product_id: products[1], available, errors: [{ code }] }
  expect(await refusedSplit(buyer)).toMatchObject({ code: 'SWSTK', message, detail })
})

test('names every failing line, in the order of the cart, with the code of the first', async () => {
  const [buyer, holder, seller] = await db.makeUsers(3)
  const [first, second] = [await db.makeShop(), await db.makeShop({ name: 'Kiln', owner_id: seller })]
  const [fine, archived, short, held] = [
    await db.makeProduct({ shop_id: first }),
    await db.makeProduct({ shop_id: first, title: 'Vase' }),
    await db.makeProduct({ shop_id: first, title: 'Mug', quantity: 2 }),
    await db.makeProduct({ shop_id: first, title: 'Bowl' }),
  ]
  const away = await db.makeProduct({ shop_id: second })
  const own = await db.makeProduct({ shop_id: await db.makeShop({ owner_id: buyer }), title: 'Cup' })
  for (const product of [away, own, fine, held, archived]) await db.putLine(buyer, product)
  await db.putLine(buyer, short, { quantity: 3 })
  await db.reserve(holder, held)
  await db.sql`update products set archived_at = now() where id = ${archived}`
  await db.sql`update shops set is_on_vacation = true, vacation_message = 'Back in May.' where id = ${second}`
  const refusal = await refusedSplit(buyer)
  expect(refusal).toMatchObject({ code: 'SWRES', message: 'Someone else is checking out...', detail: { product_id: held } })
  const named = async (pointer: string, product_id: number, code: string, detail: string) => {
    const [line] = await db.sql`select id from cart_items where user_id = ${buyer} and product_id = ${product_id}`
    return { pointer, detail, line_id: line?.id, product_id, code }
  }
  expect(refusal.detail.errors).toEqual([
    await named('#/shops/0/items/1', held, 'item_reserved', 'Someone else is checking out...'),
    await named('#/shops/0/items/2', archived, 'archived', '"Vase" is no longer for sale.'),
    await named('#/shops/0/items/3', short, 'insufficient_stock', 'Only 2 left of "Mug".'),
    await named('#/shops/1/items/0', away, 'shop_on_vacation', 'The shop "Kiln" is on vacation.'),
    await named('#/shops/2/items/0', own, 'own_item', '"Cup" is from your own shop.'),
  ])
  for (const product of [held, archived, short]) await db.sql`select remove_cart_item(${buyer}, ${product})`
  expect(await refusedSplit(buyer)).toMatchObject({
    code: 'SWVAC',
    detail: { shop_id: second, vacation_message: 'Back in May.', errors: [{ product_id: away }, { product_id: own }] },
  })
  await db.sql`select remove_cart_item(${buyer}, ${away})`
  expect(await refusedSplit(buyer)).toMatchObject({
    code: 'SWOWI',
    detail: { product_id: own },
  })
})

test('the update of the stock never exceeds it, even if an earlier check were wrong', async () => {
  const { buyer, products } = await fillCart()
  await db.sql`update products set quantity = 1 where id = ${products[1] as number}`
  const take = () => db.sql`select take_stock(jsonb_agg(to_jsonb(l))) from lines_to_order(${buyer}, cart_line_ids(${buyer})) l`
  expect(await refusedWithoutTrace(take)).toMatchObject({ code: 'SWSTK', message: 'An item of the cart is sold out.' })
})

test("another buyer's live hold: nothing happens", async () => {
  const { buyer } = await fillCart()
  const [holder, product] = [await db.makeUser(), await db.makeProduct()]
  await db.putLine(buyer, product)
  const held = await db.reserve(holder, product)
  const detail = { success: false, product_id: product, reserved_until: held.reserved_until?.toISOString() }
  expect(await refusedSplit(buyer)).toMatchObject({ code: 'SWRES', message: 'Someone else is checking out...', detail })
})

test('a quantity above the stock is a shortage, held or not, because waiting does not help', async () => {
  const [buyer, holder, product] = [await db.makeUser(), await db.makeUser(), await db.makeProduct()]
  await db.putLine(buyer, product, { quantity: 2 })
  await db.reserve(holder, product)
  expect(await refusedSplit(buyer)).toMatchObject({ code: 'SWSTK', detail: { available: 1 } })
})

test('an empty cart', async () => {
  const buyer = await db.makeUser()
  expect(await refusedSplit(buyer)).toMatchObject({ code: 'SWCRT' })
})

test('an unknown buyer', async () => {
  expect(await refusedSplit(999_999)).toMatchObject({
    code: 'SWNTF',
    detail: { field: 'buyer_id' },
  })
})

test('another total than expected, with the current total', async () => {
  const { buyer } = await fillCart()
  const refusal = await refusedSplit(buyer, '60.01')
  expect(refusal).toMatchObject({ code: 'SWPRC', detail: { total: '60.00' } })
  expect(await db.splitOrders(buyer, unique('key'), '60')).toHaveLength(3)
})

test('a total that no payment can carry', async () => {
  const buyer = await db.makeUser()
  for (const price of ['99999999.99', '0.01']) await db.putLine(buyer, await db.makeProduct({ price }))
  expect(await refusedSplit(buyer)).toMatchObject({ code: 'SWINV' })
})

test('an invalid address', async () => {
  const { buyer } = await fillCart()
  const to = (address: unknown) =>
    db.sql`select * from checkout_split_orders(${buyer}, ${unique('key')}, ${db.sql.json(address as never)})`
  expect(await refusedWithoutTrace(() => to('Bath'))).toMatchObject({
    code: '23514',
    constraint: 'checkouts_shipping_address_is_an_object',
  })
})
