import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeUser, placeCheckout, putLine, settleCheckout, unique } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { snapshot } from '../../test/support/snapshot.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function buyerOf(...products: number[]): Promise<number> {
  const buyer = await makeUser(db.sql)
  for (const product of products) await putLine(db.sql, buyer, product)
  return buyer
}

const lapseLease = (key: string) =>
  db.sql`update idempotency_keys set locked_until = clock_timestamp() - interval '1 second' where key = ${key}`

test('writes pending orders, returns the amount to charge, and lets the worker settle them 10 s later', async () => {
  const products = [await makeProduct(db.sql, { price: '5.00' }), await makeProduct(db.sql, { price: '7.50' })]
  const buyer = await buyerOf(...products)
  const placed = await placeCheckout(db.sql, buyer)
  expect(placed).toMatchObject({ step: 'charge', amount: '12.50', body: null, refusal: null })
  expect(placed.placed_totals?.toSorted()).toEqual(['5.00', '7.50'])
  const orders = await db.sql`select status from orders where checkout_id = ${placed.checkout_id}`
  expect([...orders]).toEqual([{ status: 'pending' }, { status: 'pending' }])
  const [checkout] = await db.sql`
    select extract(epoch from settle_after - created_at)::integer as after_s from checkouts where id = ${placed.checkout_id}`
  expect(checkout).toEqual({ after_s: 10 })
})

describe('a key', () => {
  test('whose first call is still running is in progress, and nothing happens', async () => {
    const [buyer, key] = [await buyerOf(await makeProduct(db.sql)), unique('key')]
    await placeCheckout(db.sql, buyer, { key })
    const before = await snapshot(db.sql)
    expect(await refusalOf(placeCheckout(db.sql, buyer, { key }))).toMatchObject({ code: 'SWIDP', message: 'In progress' })
    expect(await snapshot(db.sql)).toEqual(before)
  })

  test('with another body fails, with a stored response or without', async () => {
    const [buyer, key] = [await buyerOf(await makeProduct(db.sql)), unique('key')]
    const { checkout_id } = await placeCheckout(db.sql, buyer, { key })
    const again = () => placeCheckout(db.sql, buyer, { key, body: 'another body' })
    expect(await refusalOf(again())).toMatchObject({ code: 'SWIDM' })
    await settleCheckout(db.sql, checkout_id, 'paid')
    expect(await refusalOf(again())).toMatchObject({ code: 'SWIDM' })
  })

  test('of another buyer is another key, with any body', async () => {
    const key = unique('key')
    const [first, second] = [await buyerOf(await makeProduct(db.sql)), await buyerOf(await makeProduct(db.sql))]
    const mine = await placeCheckout(db.sql, first, { key })
    const theirs = await placeCheckout(db.sql, second, { key })
    expect(theirs.step).toBe('charge')
    expect(theirs.checkout_id).not.toBe(mine.checkout_id)
  })

  test('with a stored response returns the same bytes and changes nothing', async () => {
    const [buyer, key] = [await buyerOf(await makeProduct(db.sql)), unique('key')]
    const { checkout_id } = await placeCheckout(db.sql, buyer, { key })
    const first = await settleCheckout(db.sql, checkout_id, 'paid')
    await putLine(db.sql, buyer, await makeProduct(db.sql))
    await db.sql`select * from ship_order((select id from orders where checkout_id = ${checkout_id}),
      (select s.owner_id from orders o join shops s on s.id = o.shop_id where o.checkout_id = ${checkout_id}), 'DHL', '1')`
    const before = await snapshot(db.sql)
    const again = await placeCheckout(db.sql, buyer, { key, request_id: 'request-2' })
    expect(again).toMatchObject({ step: 'replay', body: first.body, refusal: null, placed_totals: null })
    expect(await snapshot(db.sql)).toEqual(before)
  })

  test('whose first call died charges the same checkout again, one call at a time', async () => {
    const [buyer, key] = [await buyerOf(await makeProduct(db.sql)), unique('key')]
    const first = await placeCheckout(db.sql, buyer, { key })
    await lapseLease(key)
    await putLine(db.sql, buyer, await makeProduct(db.sql))
    expect(await placeCheckout(db.sql, buyer, { key })).toEqual({ ...first, lease_until: null, placed_totals: null })
    expect(await refusalOf(placeCheckout(db.sql, buyer, { key }))).toMatchObject({ code: 'SWIDP' })
    expect([...(await db.sql`select count(*)::integer as orders from orders where buyer_id = ${buyer}`)]).toEqual([{ orders: 1 }])
  })
})

describe('an error', () => {
  test('is stored alone, as the response of the key', async () => {
    const [buyer, key, product] = [await makeUser(db.sql), unique('key'), await makeProduct(db.sql, { title: 'Clay mug' })]
    await putLine(db.sql, buyer, product, { quantity: 2 })
    const before = await snapshot(db.sql)
    const refused = await placeCheckout(db.sql, buyer, { key })
    expect(refused).toMatchObject({ step: 'refuse', checkout_id: null, body: null, placed_totals: null })
    expect(refused.refusal).toEqual({
      code: 'SWSTK',
      message: 'Only 1 left of "Clay mug".',
      detail: {
        success: false,
        product_id: product,
        available: 1,
        errors: [
          {
            pointer: '#/shops/0/items/0',
            detail: 'Only 1 left of "Clay mug".',
            line_id: expect.any(Number),
            product_id: product,
            code: 'insufficient_stock',
          },
        ],
      },
      request_id: 'request-1',
    })
    const { 'public.idempotency_keys': _, ...after } = await snapshot(db.sql)
    expect(before).toMatchObject(after)
    await db.sql`update products set quantity = 9 where id = ${product}`
    const again = await placeCheckout(db.sql, buyer, { key, request_id: 'request-2' })
    expect(again).toEqual({ ...refused, step: 'replay' })
    expect((await placeCheckout(db.sql, buyer)).step).toBe('charge')
  })

  test('keeps its code: an empty cart, a hold, a vacation, an own item, a changed price', async () => {
    const codeOf = async (buyer: number, expected_total: string | null = null) =>
      (await placeCheckout(db.sql, buyer, { expected_total })).refusal?.code
    expect(await codeOf(await makeUser(db.sql))).toBe('SWCRT')
    const [held, holder] = [await makeProduct(db.sql), await makeUser(db.sql)]
    await db.sql`select * from reserve_item(${holder}, ${held})`
    expect(await codeOf(await buyerOf(held))).toBe('SWRES')
    const away = await makeProduct(db.sql)
    await db.sql`update shops set is_on_vacation = true where id = (select shop_id from products where id = ${away})`
    expect(await codeOf(await buyerOf(away))).toBe('SWVAC')
    const own = await buyerOf(await makeProduct(db.sql))
    await db.sql`update shops set owner_id = ${own} where id = (select p.shop_id from products p join cart_items ci on ci.product_id = p.id where ci.user_id = ${own})`
    expect(await codeOf(own)).toBe('SWOWI')
    expect(await codeOf(await buyerOf(await makeProduct(db.sql)), '9.99')).toBe('SWPRC')
  })
})

test('a key with a deleted record still returns its checkout, and no call charges again', async () => {
  const buyer = await buyerOf(await makeProduct(db.sql))
  const first = await placeCheckout(db.sql, buyer, { key: 'old' })
  await settleCheckout(db.sql, first.checkout_id, 'paid')
  await db.sql`delete from idempotency_keys where user_id = ${buyer} and key = 'old'`
  const again = await placeCheckout(db.sql, buyer, { key: 'old' })
  expect(again).toMatchObject({ step: 'replay', checkout_id: first.checkout_id, placed_totals: null })
  expect(JSON.parse(again.body as string)).toMatchObject({ status: 'paid' })
})

test('a pending checkout with a deleted record continues, and its orders are not placed again', async () => {
  const buyer = await buyerOf(await makeProduct(db.sql))
  const first = await placeCheckout(db.sql, buyer, { key: 'open' })
  await db.sql`delete from idempotency_keys where user_id = ${buyer} and key = 'open'`
  const again = await placeCheckout(db.sql, buyer, { key: 'open' })
  expect(again).toEqual({ ...first, lease_until: null, placed_totals: null })
})

test('with the provider known to be down, a call changes nothing, and a stored response stays', async () => {
  const buyer = await buyerOf(await makeProduct(db.sql))
  const before = await snapshot(db.sql)
  const placing = db.sql`select * from place_checkout(${buyer}, 'buy', 'new', sha256('x'), 8, '{}', 'pm_card_visa', null, 'r', false)`
  expect(await refusalOf(placing)).toMatchObject({ code: 'SWPAY' })
  expect(await snapshot(db.sql)).toEqual(before)
  const { checkout_id } = await placeCheckout(db.sql, buyer, { key: 'new', body: 'x' })
  await settleCheckout(db.sql, checkout_id, 'paid')
  const [again] =
    await db.sql`select step from place_checkout(${buyer}, 'buy', 'new', sha256('x'), 8, '{}', 'pm_card_visa', null, 'r', false)`
  expect(again).toMatchObject({ step: 'replay' })
})

test('after the deadline for charging only the job settles: the call is in progress and never charges', async () => {
  const buyer = await buyerOf(await makeProduct(db.sql))
  const { checkout_id } = await placeCheckout(db.sql, buyer, { key: 'late' })
  await lapseLease('late')
  expect(await placeCheckout(db.sql, buyer, { key: 'late' })).toMatchObject({ step: 'charge', checkout_id })
  await lapseLease('late')
  await db.sql`update checkouts set charge_until = clock_timestamp() - interval '1 second' where id = ${checkout_id}`
  expect(await refusalOf(placeCheckout(db.sql, buyer, { key: 'late' }))).toMatchObject({ code: 'SWIDP' })
})
