/** An account holds an item for 15 minutes in any 75, and its cart shows the lines that it lost. */
import { describe, expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const remove = (user_id: number, product_id: number) => db.sql`select remove_cart_item(${user_id}, ${product_id})`
const expire = () => db.rows`select * from expire_reservations()`

type Line = { product_id: number; available: boolean; reserved_until: string | null }
type Cart = { shops: { items: Line[] }[]; lapsed: { product_id: number; title: string; lapsed_at: string }[] }

const readCart = (user_id: number): Promise<Cart> => db.json`select body from show_cart(${user_id}, null)`

const linesOf = async (user_id: number) => (await readCart(user_id)).shops.flatMap(({ items }) => items)
const lapsedOf = async (user_id: number) => (await readCart(user_id)).lapsed.map(({ product_id }) => product_id)

/** Moves all holds of a buyer into the past by some minutes. */
async function wait(user_id: number, minutes: number): Promise<void> {
  await db.sql`
    update cart_items set reserved_until = reserved_until - make_interval(mins => ${minutes}) where user_id = ${user_id}`
  await db.sql`update holds set held_until = held_until - make_interval(mins => ${minutes}) where user_id = ${user_id}`
}

/** Makes a buyer who holds an item. */
async function makeHolder(): Promise<[buyer: number, product: number]> {
  const [buyer, product] = [await db.makeUser(), await db.makeProduct({ title: 'Mug' })]
  await db.reserve(buyer, product)
  return [buyer, product]
}
const UNHELD = { reserved_until: null, is_new_hold: false }

describe('15 minutes in any 75', () => {
  test('a line that is removed and added again keeps its hold and its end', async () => {
    const [buyer, product] = [await db.makeUser(), await db.makeProduct()]
    const first = await db.reserve(buyer, product)
    await remove(buyer, product)
    expect(await db.reserve(buyer, product)).toMatchObject({ ...UNHELD, reserved_until: first.reserved_until })
  })

  test.each([15, 74])('a line that is removed and added again after %p minutes is unheld', async (minutes) => {
    const [buyer, product] = await makeHolder()
    await remove(buyer, product)
    await wait(buyer, minutes)
    expect(await db.reserve(buyer, product)).toMatchObject(UNHELD)
    // The next buyer gets the hold.
    expect((await db.reserve(await db.makeUser(), product)).is_new_hold).toBe(true)
  })

  test.each(['removed', 'lapsed', 'deleted', 'kept'])('after 75 minutes a new hold begins, with the last one %s', async (how) => {
    const [buyer, product] = await makeHolder()
    if (how === 'removed') await remove(buyer, product)
    await wait(buyer, 20)
    if (how === 'deleted') await expire()
    if (how === 'kept') await db.reserve(buyer, product)
    await wait(buyer, 54)
    if (how !== 'lapsed') expect((await db.reserve(buyer, product)).reserved_until).toBeNull()
    await wait(buyer, 1)
    expect(await db.reserve(buyer, product)).toMatchObject({ is_new_hold: true, reserved_until: expect.any(Date) })
  })

  test('changing a line begins no new hold', async () => {
    const [buyer, product] = await makeHolder()
    await wait(buyer, 15)
    expect(await db.value<boolean>`select is_new_hold from change_cart_item(${buyer}, ${product}, 1)`).toBe(false)
    expect(await linesOf(buyer)).toMatchObject([{ reserved_until: null, available: true }])
  })

  test('a buyer who cannot hold the item leaves the lapsed line of another buyer', async () => {
    const [buyer, product] = await makeHolder()
    await remove(buyer, product)
    await wait(buyer, 20)
    const other = await db.makeUser()
    await db.reserve(other, product)
    await wait(other, 16)
    expect((await db.reserve(buyer, product)).reserved_until).toBeNull()
    expect(await linesOf(other)).toHaveLength(1)
  })
})

describe('a line whose hold has lapsed', () => {
  test('can be ordered until it is deleted; then the cart shows it as lost, until the item is added again', async () => {
    const [buyer, product] = await makeHolder()
    await db.lapseHolds(buyer)
    expect(await readCart(buyer)).toMatchObject({ shops: [{ items: [{ available: true }] }], lapsed: [] })
    await expire()
    const { shops, lapsed } = await readCart(buyer)
    expect([shops, lapsed]).toMatchObject([[], [{ product_id: product, title: 'Mug' }]])
    expect(Date.parse(lapsed[0]?.lapsed_at as string)).toBeGreaterThan(Date.now() - 60_000)
    await db.reserve(buyer, product)
    expect(await lapsedOf(buyer)).toEqual([])
    await remove(buyer, product)
    expect(await lapsedOf(buyer)).toEqual([])
  })

  test('is shown as lost when the next buyer takes the item', async () => {
    const [buyer, product] = await makeHolder()
    await db.lapseHolds(buyer)
    await db.reserve(await db.makeUser(), product)
    expect(await lapsedOf(buyer)).toEqual([product])
  })

  test('is shown as lost for a day, or until the buyer removes it', async () => {
    const [buyer, product] = [await db.makeUser(), await db.makeProduct()]
    const other = await db.makeProduct()
    for (const item of [product, other]) await db.reserve(buyer, item)
    await db.lapseHolds(buyer)
    await expire()
    expect((await lapsedOf(buyer)).sort()).toEqual([product, other].sort())
    await remove(buyer, other)
    expect(await lapsedOf(buyer)).toEqual([product])
    await db.sql`update holds set lapsed_at = lapsed_at - interval '24 hours' where user_id = ${buyer}`
    expect(await lapsedOf(buyer)).toEqual([])
  })

  test('reading a cart without new losses writes nothing', async () => {
    const [buyer, _product] = await makeHolder()
    await db.lapseHolds(buyer)
    await expire()
    await readCart(buyer)
    const state = async () => [await db.snapshot(), await db.rows`select xmin::text from holds where user_id = ${buyer}`]
    const before = await state()
    await readCart(buyer)
    expect(await state()).toEqual(before)
  })
})

test('a line of more units than its hold stays when that hold lapses, unheld', async () => {
  const [buyer, product] = await makeHolder()
  await db.sql`update products set quantity = 5 where id = ${product}`
  await db.sql`select * from change_cart_item(${buyer}, ${product}, 3)`
  await db.lapseHolds(buyer)
  expect(await expire()).toEqual([])
  expect(await readCart(buyer)).toMatchObject({ shops: [{ items: [{ quantity: 3, reserved_until: null }] }], lapsed: [] })
})

describe('a line that came back from a failed payment', () => {
  async function declined(): Promise<[buyer: number, product: number]> {
    const [buyer, product] = await makeHolder()
    const { checkout_id } = await db.placeCheckout(buyer)
    await db.settleCheckout(checkout_id, 'declined')
    return [buyer, product]
  }

  test('is held for the rest of its minutes, then stays unheld', async () => {
    const [buyer, product] = await declined()
    expect((await linesOf(buyer))[0]?.reserved_until).toBeString()
    await wait(buyer, 15)
    expect(await linesOf(buyer)).toMatchObject([{ product_id: product, available: true, reserved_until: null }])
    expect(await expire()).toEqual([])
    const shops = [{ items: [{ product_id: product, reserved_until: null }] }]
    expect(await readCart(buyer)).toMatchObject({ shops, lapsed: [] })
  })

  test('stays when another buyer takes over the hold', async () => {
    const [buyer, product] = await declined()
    await wait(buyer, 15)
    await db.reserve(await db.makeUser(), product)
    expect(await linesOf(buyer)).toMatchObject([{ product_id: product, available: false, reserved_until: null }])
  })

  test('stays even if its buyer added the item again meanwhile', async () => {
    const [buyer, product] = [await db.makeUser(), await db.makeProduct({ quantity: 2 })]
    await db.reserve(buyer, product)
    const { checkout_id } = await db.placeCheckout(buyer)
    await db.reserve(buyer, product)
    await db.settleCheckout(checkout_id, 'declined')
    await db.lapseHolds(buyer)
    await expire()
    expect(await linesOf(buyer)).toMatchObject([{ product_id: product, reserved_until: null }])
  })

  test('comes back without a hold if its 15 minutes have passed', async () => {
    const [buyer, _product] = await makeHolder()
    const { checkout_id } = await db.placeCheckout(buyer)
    await db.sql`update checkout_lines set reserved_until = now() - interval '1 second' where checkout_id = ${checkout_id}`
    await db.settleCheckout(checkout_id, 'declined')
    expect(await db.rows`select reserved_until from cart_items where user_id = ${buyer}`).toEqual([{ reserved_until: null }])
    expect(await expire()).toHaveLength(0)
  })
})

test('forget_holds keeps the holds that a rule still needs', async () => {
  const buyer = await db.makeUser()
  const [live, paused, old, told, unseen, ancient] = await db.makeProducts(6)
  const hold = (product: number, ended: string, lapsed: string | null = null, is_unseen = false) => db.sql`
    insert into holds (user_id, product_id, held_until, lapsed_at, is_lapse_unseen)
    values (${buyer}, ${product}, now() - ${ended}::interval, now() - ${lapsed}::interval, ${is_unseen})`
  await hold(live, '-5 minutes')
  await hold(paused, '59 minutes')
  await hold(old, '61 minutes')
  await hold(told, '23 hours', '23 hours')
  await hold(unseen, '3 days', '3 days', true)
  await hold(ancient, '31 days', '31 days', true)
  expect(await db.value<number>`select forget_holds()`).toBe(2)
  const left = await db.rows`select product_id from holds where user_id = ${buyer} order by 1`
  expect(left.map(({ product_id }) => product_id)).toEqual([live, paused, told, unseen])
})

test('an unheld line never lapses', async () => {
  const buyer = await db.makeBuyer(await db.makeProduct())
  await expire()
  expect(await readCart(buyer)).toMatchObject({ shops: [{ items: [{ available: true }] }], lapsed: [] })
})
