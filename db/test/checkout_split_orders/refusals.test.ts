import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makeProduct, makeShop, makeUser, putLine, splitOrders, unique } from '../../../test/support/factory.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { type Refusal, refusalOf } from '../../../test/support/refusals.ts'
import { snapshot } from '../../../test/support/snapshot.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

/** A cart of three shops, so that a failure can leave a part behind. */
async function fillCart(): Promise<{ buyer: number; products: number[] }> {
  const buyer = await makeUser(db.sql)
  const products: number[] = []
  for (const quantity of [5, 5, 5]) products.push(await makeProduct(db.sql, { shop_id: await makeShop(db.sql), quantity }))
  for (const product of products) await putLine(db.sql, buyer, product, { quantity: 2 })
  return { buyer, products }
}

/** Returns the error of a statement that must leave every table unchanged. */
async function refusedWithoutTrace(statement: () => PromiseLike<unknown>): Promise<Refusal> {
  const before = await snapshot(db.sql)
  const refusal = await refusalOf(statement())
  expect(await snapshot(db.sql)).toEqual(before)
  return refusal
}

const withTotal = (buyer: number, total: string) => db.sql`
  select * from checkout_split_orders(${buyer}, ${unique('key')}, ${db.sql.json(ADDRESS)}, expected_total => ${total}::numeric)`

test('one item short: nothing happened', async () => {
  const { buyer, products } = await fillCart()
  await db.sql`update products set quantity = 1, title = 'Clay mug' where id = ${products[1] as number}`
  const refusal = await refusedWithoutTrace(() => splitOrders(db.sql, buyer))
  expect(refusal).toMatchObject({ code: 'SWSTK', message: 'Only 1 left of "Clay mug".' })
  expect(refusal.detail).toMatchObject({ success: false, product_id: products[1], available: 1 })
})

test.each([
  ['update products set quantity = 0 where id = $1', 'is sold out.', 'sold_out'],
  ['update products set archived_at = now() where id = $1', 'is no longer for sale.', 'archived'],
])('one item gone (%s): nothing happened', async (goes, telling, code) => {
  const { buyer, products } = await fillCart()
  await db.sql.unsafe(goes, [products[2] as number])
  const refusal = await refusedWithoutTrace(() => splitOrders(db.sql, buyer))
  expect(refusal).toMatchObject({ code: 'SWSTK', detail: { product_id: products[2], available: 0, errors: [{ code }] } })
  expect(refusal.message).toEndWith(telling)
})

test('names every failing line, in the order of the cart, with the code of the first', async () => {
  const [buyer, holder, seller] = [await makeUser(db.sql), await makeUser(db.sql), await makeUser(db.sql)]
  const [first, second] = [await makeShop(db.sql), await makeShop(db.sql, { name: 'Kiln', owner_id: seller })]
  const [fine, archived, short, held] = [
    await makeProduct(db.sql, { shop_id: first }),
    await makeProduct(db.sql, { shop_id: first, title: 'Vase' }),
    await makeProduct(db.sql, { shop_id: first, title: 'Mug', quantity: 2 }),
    await makeProduct(db.sql, { shop_id: first, title: 'Bowl' }),
  ]
  const away = await makeProduct(db.sql, { shop_id: second })
  const own = await makeProduct(db.sql, { shop_id: await makeShop(db.sql, { owner_id: buyer }), title: 'Cup' })
  for (const product of [away, own, fine, held, archived]) await putLine(db.sql, buyer, product)
  await putLine(db.sql, buyer, short, { quantity: 3 })
  await db.sql`select * from reserve_item(${holder}, ${held})`
  await db.sql`update products set archived_at = now() where id = ${archived}`
  await db.sql`update shops set is_on_vacation = true, vacation_message = 'Back in May.' where id = ${second}`
  const refusal = await refusedWithoutTrace(() => splitOrders(db.sql, buyer))
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
  expect(await refusedWithoutTrace(() => splitOrders(db.sql, buyer))).toMatchObject({
    code: 'SWVAC',
    detail: { shop_id: second, vacation_message: 'Back in May.', errors: [{ product_id: away }, { product_id: own }] },
  })
  await db.sql`select remove_cart_item(${buyer}, ${away})`
  expect(await refusedWithoutTrace(() => splitOrders(db.sql, buyer))).toMatchObject({
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

test("another buyer's live hold: nothing happened", async () => {
  const { buyer } = await fillCart()
  const [holder, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
  await putLine(db.sql, buyer, product)
  const [held] = await db.sql`select * from reserve_item(${holder}, ${product})`
  const refusal = await refusedWithoutTrace(() => splitOrders(db.sql, buyer))
  expect(refusal).toMatchObject({ code: 'SWRES', message: 'Someone else is checking out...' })
  expect(refusal.detail).toMatchObject({
    success: false,
    product_id: product,
    reserved_until: held?.reserved_until.toISOString(),
  })
})

test('a quantity above the stock is a shortage, held or not, because waiting does not help', async () => {
  const [buyer, holder, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
  await putLine(db.sql, buyer, product, { quantity: 2 })
  await db.sql`select * from reserve_item(${holder}, ${product})`
  expect(await refusedWithoutTrace(() => splitOrders(db.sql, buyer))).toMatchObject({ code: 'SWSTK', detail: { available: 1 } })
})

test('an empty cart', async () => {
  const buyer = await makeUser(db.sql)
  expect(await refusedWithoutTrace(() => splitOrders(db.sql, buyer))).toMatchObject({ code: 'SWCRT' })
})

test('an unknown buyer', async () => {
  expect(await refusedWithoutTrace(() => splitOrders(db.sql, 999_999))).toMatchObject({
    code: 'SWNTF',
    detail: { field: 'buyer_id' },
  })
})

test('another total than expected, with the current total', async () => {
  const { buyer } = await fillCart()
  const refusal = await refusedWithoutTrace(() => withTotal(buyer, '60.01'))
  expect(refusal).toMatchObject({ code: 'SWPRC', detail: { total: '60.00' } })
  expect(await withTotal(buyer, '60')).toHaveLength(3)
})

test('a total that no payment can carry', async () => {
  const buyer = await makeUser(db.sql)
  for (const price of ['99999999.99', '0.01']) await putLine(db.sql, buyer, await makeProduct(db.sql, { price }))
  expect(await refusedWithoutTrace(() => splitOrders(db.sql, buyer))).toMatchObject({ code: 'SWINV' })
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
