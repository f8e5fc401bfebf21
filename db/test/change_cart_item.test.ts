import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { lapseHolds, makeProduct, makeShop, makeUser, putLine, splitOrders } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const reserve = (user_id: number, product_id: number) => db.sql`select * from reserve_item(${user_id}, ${product_id}, 1)`

type Changed = { body: string; is_new_hold: boolean }

async function changeLine(user_id: number, product_id: number, quantity: number): Promise<Changed> {
  const [row] = await db.sql<Changed[]>`select * from change_cart_item(${user_id}, ${product_id}, ${quantity})`
  return row as Changed
}

/** Changes a line and returns the cart. */
const change = async (user_id: number, product_id: number, quantity: number) =>
  JSON.parse((await changeLine(user_id, product_id, quantity)).body)

async function lineOf(user_id: number, product_id: number) {
  const [line] =
    await db.sql`select quantity, reserved_until from cart_items where user_id = ${user_id} and product_id = ${product_id}`
  return line
}

test('sets the quantity, does not add to it, and returns the cart', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 5, price: '3.10' })]
  await putLine(db.sql, user, product, { quantity: 4 })
  const cart = await change(user, product, 2)
  expect(cart.shops[0].items[0]).toMatchObject({ product_id: product, quantity: 2 })
  expect(cart.total).toBe('6.20')
  expect(await lineOf(user, product)).toEqual({ quantity: 2, reserved_until: null })
})

test('rejects an item that is not in the cart', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
  expect(await refusalOf(change(user, product, 1))).toMatchObject({ code: 'SWNTF', message: 'This line is not in the cart.' })
})

test('rejects more than the stock, and the line stays', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 5 })]
  await putLine(db.sql, user, product, { quantity: 4 })
  expect(await refusalOf(change(user, product, 6))).toMatchObject({ code: 'SWSTK', detail: { available: 5 } })
  expect(await lineOf(user, product)).toMatchObject({ quantity: 4 })
})

test.each([0, -3])('refuses a quantity of %p', async (quantity) => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 5 })]
  await putLine(db.sql, user, product)
  expect(await refusalOf(change(user, product, quantity))).toMatchObject({
    code: '23514',
    constraint: 'cart_items_quantity_is_positive',
  })
})

test('keeps a live hold as it is', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
  const [held] = await reserve(user, product)
  expect(await changeLine(user, product, 1)).toMatchObject({ is_new_hold: false })
  expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: held?.reserved_until })
})

test('refuses two of a one-of-a-kind item, and the hold stays', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
  const [held] = await reserve(user, product)
  expect(await refusalOf(change(user, product, 2))).toMatchObject({ code: 'SWSTK' })
  expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: held?.reserved_until })
})

test('refuses the last one while another buyer holds it, and takes it when the hold has lapsed', async () => {
  const [user, holder, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
  await putLine(db.sql, user, product, { quantity: 3 })
  await reserve(holder, product)
  expect(await refusalOf(change(user, product, 1))).toMatchObject({ code: 'SWRES' })
  await lapseHolds(db.sql, holder)
  expect(await changeLine(user, product, 1)).toMatchObject({ is_new_hold: true })
  expect((await lineOf(user, product))?.reserved_until).toBeInstanceOf(Date)
  expect(await lineOf(holder, product)).toBeUndefined()
})

test('keeps the hold of one unit when the line grows and shrinks again', async () => {
  const [user, other, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
  const [held] = await reserve(user, product)
  await db.sql`update products set quantity = 2 where id = ${product}`
  await changeLine(user, product, 2)
  expect(await lineOf(user, product)).toEqual({ quantity: 2, reserved_until: held?.reserved_until })
  // One unit is kept from others, the second is not.
  await putLine(db.sql, other, product, { quantity: 2 })
  expect(await refusalOf(splitOrders(db.sql, other))).toMatchObject({ code: 'SWRES' })
  await changeLine(other, product, 1)
  expect(await splitOrders(db.sql, other)).toHaveLength(1)
  expect(await refusalOf(change(user, product, 2))).toMatchObject({ code: 'SWSTK', detail: { available: 1 } })
  await changeLine(user, product, 1)
  expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: held?.reserved_until })
})

test("refuses the buyer's own item", async () => {
  const seller = await makeUser(db.sql)
  const product = await makeProduct(db.sql, { shop_id: await makeShop(db.sql, { owner_id: seller }), quantity: 5 })
  await putLine(db.sql, seller, product)
  expect(await refusalOf(change(seller, product, 2))).toMatchObject({ code: 'SWOWI' })
})

test('refuses an archived item', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 5 })]
  await putLine(db.sql, user, product)
  await db.sql`update products set archived_at = now() where id = ${product}`
  expect(await refusalOf(change(user, product, 2))).toMatchObject({ code: 'SWNTF' })
})
