import { describe, expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

/** Makes a buyer of one item, and a key. */
const scene = async () => [await db.makeBuyer(await db.makeProduct()), unique('key')] as const
const lapseLease = (key: string) =>
  db.sql`update idempotency_keys set locked_until = clock_timestamp() - interval '1 second' where key = ${key}`

test('writes pending orders, returns the amount to charge, and lets the worker settle them 10 s later', async () => {
  const products = [await db.makeProduct({ price: '5.00' }), await db.makeProduct({ price: '7.50' })]
  const buyer = await db.makeBuyer(...products)
  const placed = await db.placeCheckout(buyer)
  expect(placed).toMatchObject({ step: 'charge', amount: '12.50', body: null, refusal: null })
  expect(placed.placed_totals?.toSorted()).toEqual(['5.00', '7.50'])
  const orders = await db.rows`select status from orders where checkout_id = ${placed.checkout_id}`
  expect(orders).toEqual([{ status: 'pending' }, { status: 'pending' }])
  const delay_s = db.value<number>`
    select extract(epoch from settle_after - created_at)::integer from checkouts where id = ${placed.checkout_id}`
  expect(await delay_s).toBe(10)
})

describe('a key', () => {
  test('whose first call is still running is in progress, and nothing happens', async () => {
    const [buyer, key] = await scene()
    await db.placeCheckout(buyer, { key })
    const before = await db.snapshot()
    expect(await refusalOf(db.placeCheckout(buyer, { key }))).toMatchObject({ code: 'SWIDP', message: 'In progress' })
    expect(await db.snapshot()).toEqual(before)
  })

  test('with another body fails, with a stored response or without', async () => {
    const [buyer, key] = await scene()
    const { checkout_id } = await db.placeCheckout(buyer, { key })
    const again = () => db.placeCheckout(buyer, { key, body: 'another body' })
    expect(await refusalOf(again())).toMatchObject({ code: 'SWIDM' })
    await db.settleCheckout(checkout_id, 'paid')
    expect(await refusalOf(again())).toMatchObject({ code: 'SWIDM' })
  })

  test('of another buyer is another key, with any body', async () => {
    const key = unique('key')
    const [first, second] = [await db.makeBuyer(await db.makeProduct()), await db.makeBuyer(await db.makeProduct())]
    const mine = await db.placeCheckout(first, { key })
    const theirs = await db.placeCheckout(second, { key })
    expect(theirs.step).toBe('charge')
    expect(theirs.checkout_id).not.toBe(mine.checkout_id)
  })

  test('with a stored response returns the same bytes and changes nothing', async () => {
    const [buyer, key] = await scene()
    const { checkout_id } = await db.placeCheckout(buyer, { key })
    const first = await db.settleCheckout(checkout_id, 'paid')
    await db.putLine(buyer, await db.makeProduct())
    await db.sql`
      select ship_order(o.id, s.owner_id, 'DHL', '1') from orders o join shops s on s.id = o.shop_id
      where o.checkout_id = ${checkout_id}`
    const before = await db.snapshot()
    const again = await db.placeCheckout(buyer, { key, request_id: 'request-2' })
    expect(again).toMatchObject({ step: 'replay', body: first.body, refusal: null, placed_totals: null })
    expect(await db.snapshot()).toEqual(before)
  })

  test('whose first call died charges the same checkout again, one call at a time', async () => {
    const [buyer, key] = await scene()
    const first = await db.placeCheckout(buyer, { key })
    await lapseLease(key)
    await db.putLine(buyer, await db.makeProduct())
    expect(await db.placeCheckout(buyer, { key })).toEqual({ ...first, lease_until: null, placed_totals: null })
    expect(await refusalOf(db.placeCheckout(buyer, { key }))).toMatchObject({ code: 'SWIDP' })
    expect(await db.rows`select from orders where buyer_id = ${buyer}`).toHaveLength(1)
  })
})

describe('an error', () => {
  test('is stored alone, as the response of the key', async () => {
    const [buyer, key, product] = [await db.makeUser(), unique('key'), await db.makeProduct({ title: 'Clay mug' })]
    await db.putLine(buyer, product, { quantity: 2 })
    const before = await db.snapshot()
    const refused = await db.placeCheckout(buyer, { key })
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
    const { 'public.idempotency_keys': _, ...after } = await db.snapshot()
    expect(before).toMatchObject(after)
    await db.sql`update products set quantity = 9 where id = ${product}`
    const again = await db.placeCheckout(buyer, { key, request_id: 'request-2' })
    expect(again).toEqual({ ...refused, step: 'replay' })
    expect((await db.placeCheckout(buyer)).step).toBe('charge')
  })

  test('keeps its code: an empty cart, a hold, a vacation, an own item, a changed price', async () => {
    const codeOf = async (buyer: number, expected_total: string | null = null) =>
      (await db.placeCheckout(buyer, { expected_total })).refusal?.code
    expect(await codeOf(await db.makeUser())).toBe('SWCRT')
    const [held, holder] = [await db.makeProduct(), await db.makeUser()]
    await db.reserve(holder, held)
    expect(await codeOf(await db.makeBuyer(held))).toBe('SWRES')
    const away = await db.makeProduct()
    await db.sql`update shops set is_on_vacation = true where id = (select shop_id from products where id = ${away})`
    expect(await codeOf(await db.makeBuyer(away))).toBe('SWVAC')
    const own = await db.makeBuyer(await db.makeProduct())
    await db.sql`
      update shops set owner_id = ${own}
      where id = (select p.shop_id from products p join cart_items ci on ci.product_id = p.id where ci.user_id = ${own})`
    expect(await codeOf(own)).toBe('SWOWI')
    expect(await codeOf(await db.makeBuyer(await db.makeProduct()), '9.99')).toBe('SWPRC')
  })
})

test('a key with a deleted record still returns its checkout, and no call charges again', async () => {
  const buyer = await db.makeBuyer(await db.makeProduct())
  const first = await db.placeCheckout(buyer, { key: 'old' })
  await db.settleCheckout(first.checkout_id, 'paid')
  await db.sql`delete from idempotency_keys where user_id = ${buyer} and key = 'old'`
  const again = await db.placeCheckout(buyer, { key: 'old' })
  expect(again).toMatchObject({ step: 'replay', checkout_id: first.checkout_id, placed_totals: null })
  expect(JSON.parse(again.body as string)).toMatchObject({ status: 'paid' })
})

test('a key with a deleted record still belongs to its request', async () => {
  const buyer = await db.makeBuyer(await db.makeProduct())
  const first = await db.placeCheckout(buyer, { key: 'mine' })
  await db.settleCheckout(first.checkout_id, 'paid')
  await db.sql`delete from idempotency_keys where user_id = ${buyer} and key = 'mine'`
  expect(await refusalOf(db.placeCheckout(buyer, { key: 'mine', body: 'another body' }))).toMatchObject({ code: 'SWIDM' })
  expect(await db.placeCheckout(buyer, { key: 'mine' })).toMatchObject({ step: 'replay', checkout_id: first.checkout_id })
})

test.each([
  ['0.49', 'SWAMT'],
  ['0.50', undefined],
  ['999999.99', undefined],
  ['1000000.00', 'SWAMT'],
])('a total of %s at a provider that charges 0.50 to 999999.99: %p', async (price, code) => {
  const product = await db.makeProduct({ price })
  const amount_limits = { min: '0.50', max: '999999.99' }
  const { refusal } = await db.placeCheckout(await db.makeBuyer(product), { amount_limits })
  expect(refusal?.code).toBe(code as string)
  if (code) expect(refusal?.detail).toEqual({ ...amount_limits, total: price })
  expect(await db.value`select quantity from products where id = ${product}`).toBe(code ? 1 : 0)
})

test('a pending checkout with a deleted record continues, and its orders are not placed again', async () => {
  const buyer = await db.makeBuyer(await db.makeProduct())
  const first = await db.placeCheckout(buyer, { key: 'open' })
  await db.sql`delete from idempotency_keys where user_id = ${buyer} and key = 'open'`
  const again = await db.placeCheckout(buyer, { key: 'open' })
  expect(again).toEqual({ ...first, lease_until: null, placed_totals: null })
})

test('with the provider known to be down, a call changes nothing, and a stored response stays', async () => {
  const buyer = await db.makeBuyer(await db.makeProduct())
  const before = await db.snapshot()
  const place = () => db.value<string>`
    select step from place_checkout(${buyer}, 'buy', 'new', sha256('x'), 8, '{}', 'pm_card_visa', null, 'r', false)`
  expect(await refusalOf(place())).toMatchObject({ code: 'SWPAY' })
  expect(await db.snapshot()).toEqual(before)
  const { checkout_id } = await db.placeCheckout(buyer, { key: 'new', body: 'x' })
  await db.settleCheckout(checkout_id, 'paid')
  expect(await place()).toBe('replay')
})

test('after the deadline for charging only the job settles: the call is in progress and never charges', async () => {
  const buyer = await db.makeBuyer(await db.makeProduct())
  const { checkout_id } = await db.placeCheckout(buyer, { key: 'late' })
  await lapseLease('late')
  expect(await db.placeCheckout(buyer, { key: 'late' })).toMatchObject({ step: 'charge', checkout_id })
  await lapseLease('late')
  await db.sql`update checkouts set charge_until = clock_timestamp() - interval '1 second' where id = ${checkout_id}`
  expect(await refusalOf(db.placeCheckout(buyer, { key: 'late' }))).toMatchObject({ code: 'SWIDP' })
})
