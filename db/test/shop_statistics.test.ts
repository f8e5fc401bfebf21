import { beforeEach, describe, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import { reserve, settleCheckout, splitOrders } from '../../test/support/factory.ts'
import { countDeadlocks, openRivals, type Rival, race } from '../../test/support/races.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
/** Each test begins without statistics. */
beforeEach(async () => {
  await db.sql`delete from statistics_days`
  await db.sql`delete from shop_statistics`
})

type Figures = typeof NOTHING
const NOTHING = { views: 0, favorites: 0, carts: 0, orders: 0, units: 0, revenue: '0.00', refunded: '0.00' }

const rebuild = async (sql: Sql = db.sql) => (await sql`select rebuild_shop_statistics() as count`)[0]?.count as number

/** Returns the statistics of a shop by day. */
async function statisticsOf(shop_id: number): Promise<Record<string, Figures>> {
  const rows = await db.rows<Figures & { day: string }>`
    select day::text, views, favorites, carts, orders, units, revenue, refunded
    from shop_statistics where shop_id = ${shop_id} order by day`
  return Object.fromEntries(rows.map(({ day, ...figures }) => [day, figures]))
}

/** Returns the day in UTC, some days from today. */
const dayFromToday = (days: number) => db.value<string>`select (current_date + ${days}::integer)::text as day`

const see = (product_id: number, day: string, views: number) =>
  db.sql`insert into product_views (product_id, viewed_on, views) values (${product_id}, ${day}, ${views})`
const like = async (fav_type: 'product' | 'shop', fav_id: number, moment: string) => {
  const user = await db.makeUser()
  await db.sql`insert into favorites (user_id, fav_type, fav_id, created_at) values (${user}, ${fav_type}, ${fav_id}, ${moment})`
}
const addLines = (product_id: number, day: string, lines: number) =>
  db.sql`insert into cart_additions (product_id, added_on, lines) values (${product_id}, ${day}, ${lines})`

/** Makes an order of these units at 10.00 each with 2.00 shipping, paid at this time. */
async function sell(shop_id: number, units: number, paid_at: string): Promise<number> {
  const buyer = await db.makeUser()
  await db.putLine(buyer, await db.makeProduct({ shop_id, quantity: units }), { quantity: units })
  const [{ order_id }] = await db.splitOrders(buyer)
  await db.sql`update orders set status = 'paid' where id = ${order_id}`
  await db.sql`insert into order_events (order_id, status, created_at) values (${order_id}, 'paid', ${paid_at})`
  return order_id
}

const giveBack = (order_id: number, moment: string) => db.sql`
  with given as (
    update orders o set refunded = o.total from payments p where p.checkout_id = o.checkout_id and o.id = ${order_id}
    returning p.id as payment_id, o.id as order_id, o.total as amount
  ),
  paid as (
    update payments p set refunded = p.refunded + g.amount from given g where p.id = g.payment_id
  )
  insert into refunds (payment_id, order_id, amount, created_at) select payment_id, order_id, amount, ${moment} from given`

describe('rebuild_shop_statistics', () => {
  test('counts a day from midnight to midnight in UTC, to the cent, each shop by itself', async () => {
    const shop = await db.makeShop({ base: '2.00' })
    const [mug, bowl] = [await db.makeProduct({ shop_id: shop }), await db.makeProduct({ shop_id: shop })]
    await see(mug, '2026-03-03', 7)
    await see(bowl, '2026-03-03', 4)
    await see(bowl, '2026-03-04', 1)
    await like('product', mug, '2026-03-03T00:00:00Z')
    await like('product', mug, '2026-03-03T23:59:59.999Z')
    await like('shop', shop, '2026-03-03T12:00:00Z')
    await like('shop', shop, '2026-03-02T23:59:59.999Z')
    await addLines(mug, '2026-03-03', 3)
    await addLines(bowl, '2026-03-03', 2)
    await sell(shop, 3, '2026-03-03T00:00:00Z')
    const regretted = await sell(shop, 1, '2026-03-03T23:59:59.999Z')
    await sell(shop, 2, '2026-03-04T00:00:00Z')
    await giveBack(regretted, '2026-03-04T09:00:00Z')
    const other = await db.makeShop()
    await see(await db.makeProduct({ shop_id: other }), '2026-03-03', 100)
    await like('shop', other, '2026-03-03T12:00:00Z')

    await rebuild()
    const days = await statisticsOf(shop)
    expect(days).toMatchObject({
      '2026-03-02': { ...NOTHING, favorites: 1 },
      '2026-03-03': { views: 11, favorites: 3, carts: 5, orders: 2, units: 4, revenue: '44.00', refunded: '0.00' },
      '2026-03-04': { ...NOTHING, views: 1, orders: 1, units: 2, revenue: '22.00', refunded: '12.00' },
    })
    expect((await statisticsOf(other))['2026-03-03']).toEqual({ ...NOTHING, views: 100, favorites: 1 })

    await db.sql`delete from statistics_days`
    await db.sql`delete from shop_statistics`
    await db.sql.begin(async (tx) => {
      const factsOf = () => tx`select * from shop_facts('2026-03-03') where shop_id = ${shop} order by day, figure, amount`
      const facts = await factsOf()
      await tx`set local timezone = 'America/Los_Angeles'`
      expect([...(await factsOf())]).toEqual([...facts])
      await rebuild(tx)
    })
    expect(await statisticsOf(shop)).toEqual(days)
  })

  test('each of two shops sees its own order of a checkout after payment, and its refunds', async () => {
    const [today, buyer] = [await dayFromToday(0), await db.makeUser()]
    const [one, other] = [await db.makeShop({ base: '2.00' }), await db.makeShop()]
    for (const shop_id of [one, other]) await db.putLine(buyer, await db.makeProduct({ shop_id, price: '9.99' }))
    const [{ checkout_id, order_id }] = await db.splitOrders(buyer)
    await rebuild()
    for (const shop of [one, other]) expect((await statisticsOf(shop))[today]).toEqual({ ...NOTHING, carts: 1 })
    for (let call = 0; call < 2; call++) await db.settleCheckout(checkout_id, 'paid')
    await db.sql`select cancel_order(${order_id}, ${buyer})`
    await rebuild()
    const sold = { ...NOTHING, carts: 1, orders: 1, units: 1 }
    expect((await statisticsOf(one))[today]).toEqual({ ...sold, revenue: '11.99', refunded: '11.99' })
    expect((await statisticsOf(other))[today]).toEqual({ ...sold, revenue: '9.99' })
  })

  test('an order with a failed payment does not count', async () => {
    const [today, buyer, shop_id] = [await dayFromToday(0), await db.makeUser(), await db.makeShop()]
    await db.putLine(buyer, await db.makeProduct({ shop_id }))
    const [{ checkout_id }] = await db.splitOrders(buyer)
    await db.settleCheckout(checkout_id, 'declined')
    await rebuild()
    expect((await statisticsOf(shop_id))[today]).toEqual({ ...NOTHING, carts: 1 })
  })

  test('two runs have the same result, and the second writes nothing', async () => {
    const shop = await db.makeShop()
    await see(await db.makeProduct({ shop_id: shop }), await dayFromToday(-1), 2)
    expect(await rebuild()).toBeGreaterThan(0)
    const readAll = () => db.rows`select ss.*, ss.xmin::text from shop_statistics ss order by shop_id, day`
    const before = await readAll()
    expect(await rebuild()).toBe(0)
    expect(await readAll()).toEqual(before)
  })

  test('late data of the last two days counts; older days stay as they were', async () => {
    const shop = await db.makeShop()
    const product = await db.makeProduct({ shop_id: shop })
    const [today, late, old] = [await dayFromToday(0), await dayFromToday(-2), await dayFromToday(-3)]
    for (const day of [late, old]) await see(product, day, 1)
    // No other event happened on this day.
    const liked = await db.makeShop()
    await like('shop', liked, `${today}T00:00:00Z`)
    await rebuild()
    await db.sql`update product_views set views = views + 1 where product_id = ${product}`
    await db.sql`delete from favorites where fav_type = 'shop' and fav_id = ${liked}`
    await sell(shop, 1, `${old}T12:00:00Z`)
    await rebuild()
    expect(await statisticsOf(shop)).toMatchObject({ [old]: { ...NOTHING, views: 1 }, [late]: { ...NOTHING, views: 2 } })
    expect(await statisticsOf(liked)).toEqual({ [today]: NOTHING })
  })

  test('after missed runs it continues where it stopped', async () => {
    const shop = await db.makeShop()
    const product = await db.makeProduct({ shop_id: shop })
    // The last run was ten days ago, in the middle of that day.
    await db.sql`
      insert into statistics_days (day, computed_at)
      select current_date - n, now() - make_interval(days => n) from generate_series(10, 20) n`
    for (const days of [-13, -12, -10, -9, -5, 0]) await see(product, await dayFromToday(days), -days + 1)
    await rebuild()
    const seen = Object.entries(await statisticsOf(shop)).map(([day, { views }]) => [day, views])
    const expected = await Promise.all([-12, -10, -9, -5, 0].map(async (days) => [await dayFromToday(days), -days + 1]))
    expect(seen).toEqual(expected)
    const [known] = await db.sql`
      select count(*)::integer as days, max(day)::text as last from statistics_days where computed_at > now() - interval '1 hour'`
    expect(known).toEqual({ days: 13, last: await dayFromToday(0) })
  })

  test('the second of two concurrent runs does nothing, without waiting', async () => {
    const shop = await db.makeShop()
    await see(await db.makeProduct({ shop_id: shop }), await dayFromToday(0), 3)
    await db.sql.begin(async (tx) => {
      expect(await rebuild(tx)).toBeGreaterThan(0)
      expect(await rebuild()).toBe(0)
      expect(await statisticsOf(shop)).toEqual({})
    })
    expect(await statisticsOf(shop)).toEqual({ [await dayFromToday(0)]: { ...NOTHING, views: 3 } })
    expect(await rebuild()).toBe(0)
  })
})

test('carts count lines when they are added', async () => {
  const shop = await db.makeShop()
  const [many, single] = [await db.makeProduct({ shop_id: shop, quantity: 9 }), await db.makeProduct({ shop_id: shop })]
  const [ann, bo] = await db.makeUsers(2)
  const linesOf = (product: number) => db.value<number>`
    select lines from cart_additions where product_id = ${product} and added_on = (now() at time zone 'UTC')::date`
  const lapse = () => db.sql`
    update cart_items set reserved_until = now() - interval '1 second' where product_id = ${single}`
  const add = db.reserve
  for (const user of [ann, ann, bo]) await add(user, many)
  await db.sql`select * from change_cart_item(${ann}, ${many}, 5)`
  expect(await linesOf(many)).toBe(2)
  await db.sql`select remove_cart_item(${ann}, ${many})`
  expect(await linesOf(many)).toBe(2)
  await add(ann, many)
  expect(await linesOf(many)).toBe(3)

  await add(ann, single)
  await add(ann, single)
  expect(await outcomeOf(add(bo, single))).toBe('SWRES')
  expect(await linesOf(single)).toBe(1)
  await lapse()
  await add(ann, single)
  expect(await linesOf(single)).toBe(1)
  await lapse()
  await add(bo, single)
  expect(await linesOf(single)).toBe(2)

  const [{ checkout_id }] = await db.splitOrders(bo)
  await db.settleCheckout(checkout_id, 'declined')
  expect(await db.sql`select from cart_items where user_id = ${bo}`).toHaveLength(2)
  expect([await linesOf(many), await linesOf(single)]).toEqual([3, 2])
})

test('concurrent carts in opposite orders, sales and rebuilds: no deadlock, and every line and order counts', async () => {
  const [RIVALS, ROUNDS] = [8, 12]
  const shop_id = await db.makeShop()
  const products: number[] = await db.makeProducts(12, { shop_id, quantity: 1000 })
  const rivals = await openRivals(db.url, RIVALS)
  const buyers = await db.makeUsers(RIVALS)
  const shop = async ({ sql }: Rival, n: number) => {
    if (n === 0) return rebuild(sql)
    const buyer = buyers[n] as number
    const order = n % 2 ? products : products.toReversed()
    if (n === 1) for (const product of order) await reserve(sql, buyer, product)
    else
      await sql`
        insert into cart_items (user_id, product_id)
        select ${buyer}, item.id from unnest(${order}::bigint[]) with ordinality item (id, place) order by item.place`
    const [{ checkout_id }] = await splitOrders(sql, buyer)
    await settleCheckout(sql, checkout_id, 'paid')
  }
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) outcomes.push(...(await race(rivals, (rival, n) => outcomeOf(shop(rival, n)))))
  expect(tally(outcomes)).toEqual({ done: RIVALS * ROUNDS })
  expect(await countDeadlocks(rivals)).toBe(0)
  await rivals.close()
  await rebuild()
  const bought = (RIVALS - 1) * ROUNDS
  const lines = bought * products.length
  const [sums] = await db.sql`
    select sum(carts)::integer as carts, sum(orders)::integer as orders, sum(units)::integer as units, sum(revenue) as revenue
    from shop_statistics where shop_id = ${shop_id}`
  expect(sums).toEqual({ carts: lines, orders: bought, units: lines, revenue: `${lines * 10}.00` })
})

describe('show_shop_statistics', () => {
  const show = (shop_id: number, user_id: number, from: string | null = null, to: string | null = null) => db.json`
    select body from show_shop_statistics(${shop_id}, ${user_id}, ${from}::date, ${to}::date)`
  const makeOwnShop = async () => {
    const owner = await db.makeUser()
    return { owner, shop_id: await db.makeShop({ owner_id: owner }) }
  }

  test('a range includes its first, last and empty days, oldest first, with totals', async () => {
    const { owner, shop_id } = await makeOwnShop()
    await like('shop', shop_id, '2026-03-03T12:00:00Z')
    await sell(shop_id, 3, '2026-03-05T12:00:00Z')
    await giveBack(await sell(shop_id, 1, '2026-03-05T12:00:00Z'), '2026-03-06T00:00:00Z')
    await sell(shop_id, 1, '2026-03-07T12:00:00Z')
    expect(await show(shop_id, owner, '2026-03-03', '2026-03-06')).toMatchObject({ computed_at: null, totals: NOTHING })
    await rebuild()
    expect(await show(shop_id, owner, '2026-03-03', '2026-03-06')).toEqual({
      shop_id,
      from: '2026-03-03',
      to: '2026-03-06',
      computed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      totals: { ...NOTHING, favorites: 1, orders: 2, units: 4, revenue: '40.00', refunded: '10.00' },
      items: [
        { ...NOTHING, day: '2026-03-03', favorites: 1 },
        { ...NOTHING, day: '2026-03-04' },
        { ...NOTHING, day: '2026-03-05', orders: 2, units: 4, revenue: '40.00' },
        { ...NOTHING, day: '2026-03-06', refunded: '10.00' },
      ],
    })
  })

  test('has the last thirty days by default; future days have no entry', async () => {
    const { owner, shop_id } = await makeOwnShop()
    const [today, tomorrow] = [await dayFromToday(0), await dayFromToday(1)]
    const plain = await show(shop_id, owner)
    expect([plain.from, plain.to, plain.items.length]).toEqual([await dayFromToday(-29), today, 30])
    expect([plain.items[0]?.day, plain.items[29]?.day]).toEqual([plain.from, plain.to])
    expect(await show(shop_id, owner, today)).toMatchObject({ items: [{ day: today }] })
    expect((await show(shop_id, owner, null, '2026-03-30')).from).toBe('2026-03-01')
    expect(await show(shop_id, owner, today, tomorrow)).toMatchObject({ to: tomorrow, items: [{ day: today }] })
    expect(await show(shop_id, owner, tomorrow, tomorrow)).toMatchObject({ totals: NOTHING, items: [] })
  })

  test('rejects invalid ranges, more than a year, strangers, and unknown shops', async () => {
    const { owner, shop_id } = await makeOwnShop()
    const refused = { code: 'SWINV', detail: { field: 'from' } }
    expect(await refusalOf(show(shop_id, owner, '2026-03-03', '2026-03-02'))).toMatchObject(refused)
    expect(await refusalOf(show(shop_id, owner, await dayFromToday(1)))).toMatchObject(refused)
    expect((await show(shop_id, owner, '2024-01-01', '2024-12-31')).items).toHaveLength(366)
    expect(await refusalOf(show(shop_id, owner, '2023-12-31', '2024-12-31'))).toMatchObject(refused)
    expect(await refusalOf(show(shop_id, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(show(999_999, owner))).toMatchObject({ code: 'SWNTF' })
  })
})
