import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { lapseHolds, makeProduct, makeShop, makeUser, putLine } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

type Reserved = { success: boolean; reserved_until: Date | null; is_new_hold: boolean }
type Line = { quantity: number; reserved_until: Date | null }

async function reserve(user_id: number, product_id: number, quantity = 1): Promise<Reserved> {
  const rows = await db.sql<Reserved[]>`
    select success, reserved_until, is_new_hold from reserve_item(${user_id}, ${product_id}, ${quantity})`
  expect(rows).toHaveLength(1)
  return rows[0] as Reserved
}

async function lineOf(user_id: number, product_id: number): Promise<Line | undefined> {
  const [line] = await db.sql<Line[]>`
    select quantity, reserved_until from cart_items where user_id = ${user_id} and product_id = ${product_id}`
  return line
}

async function clock(): Promise<number> {
  const [row] = await db.sql<{ now: Date }[]>`select clock_timestamp() as now`
  return row?.now.getTime() ?? Number.NaN
}

const QUARTER_MS = 15 * 60 * 1000

describe('an item with stock 1', () => {
  test('is held for 15 minutes', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    const before = await clock()
    const { success, reserved_until, is_new_hold } = await reserve(user, product)
    const until = (reserved_until as Date).getTime()
    expect([success, is_new_hold]).toEqual([true, true])
    expect(until).toBeGreaterThanOrEqual(before + QUARTER_MS)
    expect(until).toBeLessThanOrEqual((await clock()) + QUARTER_MS)
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until })
  })

  test('is refused to others while it is held, with the end of the hold', async () => {
    const [holder, other, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
    const { reserved_until } = await reserve(holder, product)
    const refusal = await refusalOf(reserve(other, product))
    expect(refusal).toMatchObject({ code: 'SWRES', message: 'Someone else is checking out...' })
    expect(refusal.detail).toEqual({ success: false, product_id: product, reserved_until: reserved_until?.toISOString() })
    expect(await lineOf(other, product)).toBeUndefined()
  })

  test('added again keeps quantity 1 and its hold', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    const first = await reserve(user, product)
    expect(await reserve(user, product)).toEqual({ ...first, is_new_hold: false })
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: first.reserved_until })
  })

  test('added again after its hold lapsed stays in the cart, unheld', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    await reserve(user, product)
    await lapseHolds(db.sql, user)
    expect(await reserve(user, product)).toEqual({ success: true, reserved_until: null, is_new_hold: false })
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: null })
  })

  test('goes to the next buyer after the hold lapsed, and leaves the cart of the first', async () => {
    const [first, next, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
    await reserve(first, product)
    await lapseHolds(db.sql, first)
    expect(await reserve(next, product)).toMatchObject({ success: true, is_new_hold: true })
    expect(await lineOf(first, product)).toBeUndefined()
    expect(await refusalOf(reserve(first, product))).toMatchObject({ code: 'SWRES' })
  })

  test('goes to the next buyer after the holder removes it', async () => {
    const [first, next, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
    await reserve(first, product)
    await db.sql`select remove_cart_item(${first}, ${product})`
    expect((await reserve(next, product)).success).toBe(true)
  })

  test('two units of it are a shortage, not a hold', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    const refusal = await refusalOf(reserve(user, product, 2))
    expect(refusal).toMatchObject({ code: 'SWSTK', message: expect.stringMatching(/^Only 1 left of "Mug/) })
    expect(refusal.detail).toEqual({ success: false, product_id: product, available: 1 })
  })

  test('two units of it are a shortage even while another buyer holds it', async () => {
    const [holder, other, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
    await reserve(holder, product)
    expect(await refusalOf(reserve(other, product, 2))).toMatchObject({ code: 'SWSTK' })
  })

  test('is a shortage for a line from a higher stock, and the line stays', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 3 })]
    await reserve(user, product, 2)
    await db.sql`update products set quantity = 1 where id = ${product}`
    expect(await refusalOf(reserve(user, product))).toMatchObject({ code: 'SWSTK', detail: { available: 1 } })
    expect(await lineOf(user, product)).toEqual({ quantity: 2, reserved_until: null })
  })

  test('becomes a hold for a line of one unit from a higher stock', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 3 })]
    await reserve(user, product)
    await db.sql`update products set quantity = 1 where id = ${product}`
    const { reserved_until } = await reserve(user, product)
    expect(reserved_until).toBeInstanceOf(Date)
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until })
  })

  test('an unheld line blocks no other buyer', async () => {
    const [owner, buyer, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
    await putLine(db.sql, owner, product)
    expect((await reserve(buyer, product)).reserved_until).toBeInstanceOf(Date)
    expect(await lineOf(owner, product)).toEqual({ quantity: 1, reserved_until: null })
  })
})

describe('an item with stock above 1', () => {
  test('is not held', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 2 })]
    expect(await reserve(user, product)).toEqual({ success: true, reserved_until: null, is_new_hold: false })
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: null })
  })

  test('adds up', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 5 })]
    await reserve(user, product, 2)
    await reserve(user, product, 3)
    expect(await lineOf(user, product)).toEqual({ quantity: 5, reserved_until: null })
  })

  test('is refused when the sum exceeds the stock, and the line stays as it was', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 5 })]
    await reserve(user, product, 4)
    const refusal = await refusalOf(reserve(user, product, 2))
    expect(refusal).toMatchObject({ code: 'SWSTK', detail: { available: 5 } })
    expect(await lineOf(user, product)).toEqual({ quantity: 4, reserved_until: null })
  })

  test('is refused when the sum exceeds every integer', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 5 })]
    await reserve(user, product)
    expect(await refusalOf(reserve(user, product, 2_147_483_647))).toMatchObject({ code: 'SWSTK' })
  })

  test('is not reserved: two carts can contain the whole stock', async () => {
    const [first, second, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql, { quantity: 2 })]
    await reserve(first, product, 2)
    expect(await reserve(second, product, 2)).toEqual({ success: true, reserved_until: null, is_new_hold: false })
  })

  test('keeps a hold from the time of one unit', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    const { reserved_until } = await reserve(user, product)
    await db.sql`update products set quantity = 4 where id = ${product}`
    expect(await reserve(user, product)).toEqual({ success: true, reserved_until, is_new_hold: false })
    expect(await lineOf(user, product)).toEqual({ quantity: 2, reserved_until })
  })
})

describe('refuses', () => {
  test('an item that does not exist', async () => {
    const refusal = await refusalOf(reserve(await makeUser(db.sql), 999_999))
    expect(refusal).toMatchObject({ code: 'SWNTF' })
  })

  test('an archived item', async () => {
    const product = await makeProduct(db.sql, { quantity: 3 })
    await db.sql`update products set archived_at = now() where id = ${product}`
    expect(await refusalOf(reserve(await makeUser(db.sql), product))).toMatchObject({ code: 'SWNTF' })
  })

  test("the buyer's own item", async () => {
    const seller = await makeUser(db.sql)
    const shop = await makeShop(db.sql, { owner_id: seller })
    const refusal = await refusalOf(reserve(seller, await makeProduct(db.sql, { shop_id: shop, quantity: 3 })))
    expect(refusal).toMatchObject({ code: 'SWOWI', detail: { success: false, shop_id: shop } })
  })

  test('a sold-out item', async () => {
    const product = await makeProduct(db.sql, { quantity: 0 })
    expect(await refusalOf(reserve(await makeUser(db.sql), product))).toMatchObject({
      code: 'SWSTK',
      message: expect.stringMatching(/^"Mug.*" is sold out\.$/),
    })
  })

  test.each([0, -1, -2_147_483_648])('a quantity of %p', async (quantity) => {
    const refusal = await refusalOf(reserve(await makeUser(db.sql), await makeProduct(db.sql), quantity))
    expect(refusal).toMatchObject({ code: 'SWINV', detail: { field: 'quantity' } })
  })

  test('no quantity at all', async () => {
    const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
    expect(await refusalOf(db.sql`select * from reserve_item(${user}, ${product}, null)`)).toMatchObject({ code: 'SWINV' })
  })

  test('a user who does not exist', async () => {
    const refusal = await refusalOf(reserve(999_999, await makeProduct(db.sql)))
    expect(refusal).toMatchObject({ code: '23503', constraint: 'cart_items_user_id_fkey' })
  })
})

test('stores the price when the line was added', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { price: '24.50', quantity: 9 })]
  await reserve(user, product)
  await db.sql`update products set price = 30 where id = ${product}`
  const price = async () => (await db.sql`select price_when_added from cart_items where user_id = ${user}`)[0]?.price_when_added
  expect(await price()).toBe('24.50')
  await reserve(user, product)
  expect(await price()).toBe('24.50')
})

test('adds one unit by default, and accepts named arguments', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { quantity: 3 })]
  await db.sql`select * from reserve_item(product_id => ${product}, user_id => ${user})`
  await db.sql`select * from reserve_item(quantity => 2, product_id => ${product}, user_id => ${user})`
  expect(await lineOf(user, product)).toEqual({ quantity: 3, reserved_until: null })
})
