import { describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const reserve = db.reserve
type Reserved = Awaited<ReturnType<typeof reserve>>
const lineOf = async (user_id: number, product_id: number) => {
  const [line] = await db.rows<{ quantity: number; reserved_until: Date | null }>`
    select quantity, reserved_until from cart_items where user_id = ${user_id} and product_id = ${product_id}`
  return line
}
const clock = async () => (await db.value<Date>`select clock_timestamp()`).getTime()
/** Makes a buyer and an item with this stock. */
const scene = async (quantity = 1): Promise<[user: number, product: number]> => [
  await db.makeUser(),
  await db.makeProduct({ quantity }),
]
const UNHELD: Reserved = { success: true, reserved_until: null, is_new_hold: false, line_id: expect.any(Number) }

const QUARTER_MS = 15 * 60 * 1000

describe('an item with stock 1', () => {
  test('is held for 15 minutes', async () => {
    const [user, product] = await scene()
    const before = await clock()
    const { success, reserved_until, is_new_hold } = await reserve(user, product)
    const until = (reserved_until as Date).getTime()
    expect([success, is_new_hold]).toEqual([true, true])
    expect(until).toBeGreaterThanOrEqual(before + QUARTER_MS)
    expect(until).toBeLessThanOrEqual((await clock()) + QUARTER_MS)
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until })
  })

  test('is refused to others while it is held, with the end of the hold', async () => {
    const [holder, other, product] = [...(await db.makeUsers(2)), await db.makeProduct()]
    const { reserved_until } = await reserve(holder, product)
    const refusal = await refusalOf(reserve(other, product))
    expect(refusal).toMatchObject({ code: 'SWRES', message: 'Someone else is checking out...' })
    expect(refusal.detail).toEqual({ success: false, product_id: product, reserved_until: reserved_until?.toISOString() })
    expect(await lineOf(other, product)).toBeUndefined()
  })

  test('added again keeps quantity 1 and its hold', async () => {
    const [user, product] = await scene()
    const first = await reserve(user, product)
    expect(await reserve(user, product)).toEqual({ ...first, is_new_hold: false })
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: first.reserved_until })
  })

  test('added again after its hold lapsed stays in the cart, unheld', async () => {
    const [user, product] = await scene()
    await reserve(user, product)
    await db.lapseHolds(user)
    expect(await reserve(user, product)).toEqual(UNHELD)
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: null })
  })

  test('goes to the next buyer after the hold lapsed, and leaves the cart of the first', async () => {
    const [first, next, product] = [...(await db.makeUsers(2)), await db.makeProduct()]
    await reserve(first, product)
    await db.lapseHolds(first)
    expect(await reserve(next, product)).toMatchObject({ success: true, is_new_hold: true })
    expect(await lineOf(first, product)).toBeUndefined()
    expect(await refusalOf(reserve(first, product))).toMatchObject({ code: 'SWRES' })
  })

  test('goes to the next buyer after the holder removes it', async () => {
    const [first, next, product] = [...(await db.makeUsers(2)), await db.makeProduct()]
    await reserve(first, product)
    await db.sql`select remove_cart_item(${first}, ${product})`
    expect((await reserve(next, product)).success).toBe(true)
  })

  test('two units of a one-of-a-kind item are SWSTK, also while another buyer holds it', async () => {
    const [holder, other, product] = [...(await db.makeUsers(2)), await db.makeProduct()]
    await reserve(holder, product)
    expect(await refusalOf(reserve(other, product, 2))).toMatchObject({ code: 'SWSTK' })
  })

  test('becomes a hold for a line of one unit from a higher stock', async () => {
    const [user, product] = await scene(3)
    await reserve(user, product)
    await db.sql`update products set quantity = 1 where id = ${product}`
    const { reserved_until } = await reserve(user, product)
    expect(reserved_until).toBeInstanceOf(Date)
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until })
  })

  test('an unheld line blocks no other buyer', async () => {
    const [owner, buyer, product] = [...(await db.makeUsers(2)), await db.makeProduct()]
    await db.putLine(owner, product)
    expect((await reserve(buyer, product)).reserved_until).toBeInstanceOf(Date)
    expect(await lineOf(owner, product)).toEqual({ quantity: 1, reserved_until: null })
  })
})

describe('an item with stock above 1', () => {
  test('is not held', async () => {
    const [user, product] = await scene(2)
    expect(await reserve(user, product)).toEqual(UNHELD)
    expect(await lineOf(user, product)).toEqual({ quantity: 1, reserved_until: null })
  })

  test('adds up', async () => {
    const [user, product] = await scene(5)
    await reserve(user, product, 2)
    await reserve(user, product, 3)
    expect(await lineOf(user, product)).toEqual({ quantity: 5, reserved_until: null })
  })

  test('is not reserved: two carts can contain the whole stock', async () => {
    const [first, second, product] = [await db.makeUser(), await db.makeUser(), await db.makeProduct({ quantity: 2 })]
    await reserve(first, product, 2)
    expect(await reserve(second, product, 2)).toEqual(UNHELD)
  })

  test('keeps a hold from the time of one unit', async () => {
    const [user, product] = await scene()
    const { reserved_until } = await reserve(user, product)
    await db.sql`update products set quantity = 4 where id = ${product}`
    expect(await reserve(user, product)).toEqual({ ...UNHELD, reserved_until })
    expect(await lineOf(user, product)).toEqual({ quantity: 2, reserved_until })
  })
})

test.each([
  ['two units of a stock of one', 1, 0, 1, 2],
  ['one more unit of a stock that fell to one', 3, 2, 1, 1],
  ['a sum above the stock', 5, 4, 5, 2],
  ['a sum above every integer', 5, 1, 5, 2_147_483_647],
])('a shortage is refused and the line stays: %s', async (_what, stock, in_cart, stock_now, wanted) => {
  const [user, product] = await scene(stock)
  if (in_cart) await reserve(user, product, in_cart)
  await db.sql`update products set quantity = ${stock_now} where id = ${product}`
  const refusal = await refusalOf(reserve(user, product, wanted))
  expect(refusal).toMatchObject({ code: 'SWSTK', message: expect.stringContaining(`Only ${stock_now} left of "Mug`) })
  expect(refusal.detail).toEqual({ success: false, product_id: product, available: stock_now })
  expect(await lineOf(user, product)).toEqual(in_cart ? { quantity: in_cart, reserved_until: null } : undefined)
})

describe('reserve_item refuses', () => {
  test('an archived item', async () => {
    const [user, product] = await scene(3)
    await db.sql`update products set archived_at = now() where id = ${product}`
    expect(await refusalOf(reserve(user, product))).toMatchObject({ code: 'SWNTF' })
  })

  test("the buyer's own item", async () => {
    const seller = await db.makeUser()
    const shop_id = await db.makeShop({ owner_id: seller })
    const refusal = await refusalOf(reserve(seller, await db.makeProduct({ shop_id, quantity: 3 })))
    expect(refusal).toMatchObject({ code: 'SWOWI', detail: { success: false, shop_id } })
  })

  test('a sold-out item', async () => {
    const refusal = await refusalOf(reserve(...(await scene(0))))
    expect(refusal).toMatchObject({ code: 'SWSTK', message: expect.stringMatching(/^"Mug.*" is sold out\.$/) })
  })

  test.each([0, -1, -2_147_483_648, null])('a quantity of %p', async (quantity) => {
    const refusal = await refusalOf(reserve(...(await scene()), quantity as number))
    expect(refusal).toMatchObject({ code: 'SWINV', detail: { field: 'quantity' } })
  })

  test('an unknown item and an unknown user', async () => {
    const [user, product] = await scene()
    expect(await refusalOf(reserve(user, 999_999))).toMatchObject({ code: 'SWNTF' })
    const refusal = await refusalOf(reserve(999_999, product))
    expect(refusal).toMatchObject({ code: '23503', constraint: 'holds_user_id_fkey' })
  })
})

test('stores the price when the line was added', async () => {
  const [user, product] = [await db.makeUser(), await db.makeProduct({ price: '24.50', quantity: 9 })]
  await reserve(user, product)
  await db.sql`update products set price = 30 where id = ${product}`
  const price = () => db.value<string>`select price_when_added from cart_items where user_id = ${user}`
  expect(await price()).toBe('24.50')
  await reserve(user, product)
  expect(await price()).toBe('24.50')
})

test('adds one unit by default, and accepts named arguments', async () => {
  const [user, product] = await scene(3)
  await db.sql`select * from reserve_item(product_id => ${product}, user_id => ${user})`
  await db.sql`select * from reserve_item(quantity => 2, product_id => ${product}, user_id => ${user})`
  expect(await lineOf(user, product)).toEqual({ quantity: 3, reserved_until: null })
})
