import { expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Changed = { body: string; is_new_hold: boolean }

async function changeLine(user_id: number, product_id: number, quantity: number): Promise<Changed> {
  const [changed] = await db.rows<Changed>`select * from change_cart_item(${user_id}, ${product_id}, ${quantity})`
  return changed as Changed
}

const lineOf = async (user_id: number, product_id: number) => {
  const [line] = await db.rows`
    select quantity, reserved_until from cart_items where user_id = ${user_id} and product_id = ${product_id}`
  return line
}

/** Makes a buyer with a line of these units, of a stock of 5. */
async function cartOf(quantity: number): Promise<[user: number, product: number]> {
  const [user, product] = [await db.makeUser(), await db.makeProduct({ quantity: 5, price: '3.10' })]
  await db.putLine(user, product, { quantity })
  return [user, product]
}

test('change_cart_item sets the quantity, does not add to it, and returns the cart', async () => {
  const [user, product] = await cartOf(4)
  const cart = JSON.parse((await changeLine(user, product, 2)).body)
  expect(cart.shops[0].items[0]).toMatchObject({ product_id: product, quantity: 2 })
  expect(cart.total).toBe('6.20')
  expect(await lineOf(user, product)).toEqual({ quantity: 2, reserved_until: null })
})

test('change_cart_item refuses an item that is not in the cart', async () => {
  const [user, product] = [await db.makeUser(), await db.makeProduct()]
  expect(await refusalOf(changeLine(user, product, 1))).toMatchObject({ code: 'SWNTF', message: 'This line is not in the cart.' })
})

test('change_cart_item refuses more than the stock, and the line stays', async () => {
  const [user, product] = await cartOf(4)
  expect(await refusalOf(changeLine(user, product, 6))).toMatchObject({ code: 'SWSTK', detail: { available: 5 } })
  expect(await lineOf(user, product)).toMatchObject({ quantity: 4 })
})

test.each([0, -3])('change_cart_item refuses a quantity of %p', async (quantity) => {
  const [user, product] = await cartOf(1)
  const refused = { code: '23514', constraint: 'cart_items_quantity_is_positive' }
  expect(await refusalOf(changeLine(user, product, quantity))).toMatchObject(refused)
})

test('change_cart_item keeps a live hold as it is', async () => {
  const [user, product] = [await db.makeUser(), await db.makeProduct()]
  const held = await db.reserve(user, product)
  expect(await changeLine(user, product, 1)).toMatchObject({ is_new_hold: false })
  expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: held.reserved_until })
})

test('change_cart_item refuses two of a one-of-a-kind item, and the hold stays', async () => {
  const [user, product] = [await db.makeUser(), await db.makeProduct()]
  const held = await db.reserve(user, product)
  expect(await refusalOf(changeLine(user, product, 2))).toMatchObject({ code: 'SWSTK' })
  expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: held.reserved_until })
})

test('change_cart_item refuses the last one while another buyer holds it, and takes it when the hold has lapsed', async () => {
  const [user, holder, product] = [await db.makeUser(), await db.makeUser(), await db.makeProduct()]
  await db.putLine(user, product, { quantity: 3 })
  await db.reserve(holder, product)
  expect(await refusalOf(changeLine(user, product, 1))).toMatchObject({ code: 'SWRES' })
  await db.lapseHolds(holder)
  expect(await changeLine(user, product, 1)).toMatchObject({ is_new_hold: true })
  expect((await lineOf(user, product))?.reserved_until).toBeInstanceOf(Date)
  expect(await lineOf(holder, product)).toBeUndefined()
})

test('change_cart_item keeps the hold of one unit when the line grows and shrinks again', async () => {
  const [user, other, product] = [await db.makeUser(), await db.makeUser(), await db.makeProduct()]
  const held = await db.reserve(user, product)
  await db.sql`update products set quantity = 2 where id = ${product}`
  await changeLine(user, product, 2)
  expect(await lineOf(user, product)).toEqual({ quantity: 2, reserved_until: held.reserved_until })
  // One unit is kept from others, the second is not.
  await db.putLine(other, product, { quantity: 2 })
  expect(await refusalOf(db.splitOrders(other))).toMatchObject({ code: 'SWRES' })
  await changeLine(other, product, 1)
  expect(await db.splitOrders(other)).toHaveLength(1)
  expect(await refusalOf(changeLine(user, product, 2))).toMatchObject({ code: 'SWSTK', detail: { available: 1 } })
  await changeLine(user, product, 1)
  expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: held.reserved_until })
})

test("change_cart_item refuses the buyer's own item", async () => {
  const seller = await db.makeUser()
  const product = await db.makeProduct({ shop_id: await db.makeShop({ owner_id: seller }), quantity: 5 })
  await db.putLine(seller, product)
  expect(await refusalOf(changeLine(seller, product, 2))).toMatchObject({ code: 'SWOWI' })
})

test('change_cart_item refuses an archived item', async () => {
  const [user, product] = await cartOf(1)
  await db.sql`update products set archived_at = now() where id = ${product}`
  expect(await refusalOf(changeLine(user, product, 2))).toMatchObject({ code: 'SWNTF' })
})
