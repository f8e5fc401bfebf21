import { beforeEach, describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const json = (value: unknown) => db.sql.json(value as never)
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

const addProfile = async (shop_id: number, changes: object = {}) => {
  const profile = { name: 'Any', readiness: 'ready_to_ship', days_min: 1, days_max: 2, ...changes }
  const owner = await db.value<number>`select owner_id from shops where id = ${shop_id}`
  return Number(await db.value`select id from add_processing_profile(${shop_id}, ${owner}, ${json(profile)})`)
}
const useProfile = (product_id: number, profile_id: number) =>
  db.sql`update products set processing_profile_id = ${profile_id} where id = ${product_id}`

/** Buys the lines of a cart, and returns the paid order. */
async function buy(buyer: number) {
  const [{ order_id, checkout_id }] = await db.splitOrders(buyer)
  await db.settleCheckout(checkout_id, 'paid')
  return readOrder(order_id)
}
const readOrder = (id: number) => db.json`select order_json(o) from orders o where o.id = ${id}`
const dueOn = (id: number, ship_by: string) => db.sql`update orders set ship_by = ${ship_by}::text::date where id = ${id}`
const cancel = (id: number, user_id: number) => db.sql`select * from cancel_order(${id}, ${user_id})`

describe('ship_by', () => {
  test('is that of the slowest line, with the profile of its variant before that of its listing', async () => {
    const shop = await db.makeShop()
    const [quick, slow, slowest] = [
      await addProfile(shop),
      await addProfile(shop, { days_max: 7 }),
      await addProfile(shop, { days_max: 30, readiness: 'made_to_order' }),
    ]
    const [plain, varied] = [
      await db.makeProduct({ shop_id: shop, quantity: 9 }),
      await db.makeProduct({ shop_id: shop, quantity: 9 }),
    ]
    await useProfile(varied, slow)
    await db.sql`insert into product_options (product_id, position, name, option_values) values (${varied}, 1, 'Size', '{S,M,L}')`
    const ids = (
      await db.rows<{ id: number }>`
        insert into variants (product_id, shop_id, option_values, processing_profile_id)
        values (${varied}, ${shop}, '{S}', null), (${varied}, ${shop}, '{M}', ${quick}), (${varied}, ${shop}, '{L}', ${slowest})
        returning id`
    ).map(({ id }) => Number(id))
    const shipIn = async (variants: number[], adds_plain: boolean) => {
      const buyer = await db.makeUser()
      if (adds_plain) await db.reserve(buyer, plain)
      for (const variant of variants) await db.sql`select * from reserve_item(${buyer}, ${varied}, 1, ${variant})`
      const { ship_by, is_made_to_order } = await buy(buyer)
      return [ship_by, is_made_to_order]
    }
    const [small, medium, large] = ids as [number, number, number]
    // The shop of the factory needs three days.
    expect(await shipIn([], true)).toEqual([day(3), false])
    expect(await shipIn([medium], false)).toEqual([day(2), false])
    expect(await shipIn([medium], true)).toEqual([day(3), false])
    expect(await shipIn([small, medium], true)).toEqual([day(7), false])
    expect(await shipIn([small, large], true)).toEqual([day(30), true])
  })

  test('skips the days off and the vacation of the shop, and stays when its profile changes', async () => {
    const shop = await db.makeShop()
    const owner = await db.value<number>`select owner_id from shops where id = ${shop}`
    const product = await db.makeProduct({ shop_id: shop, quantity: 9 })
    await useProfile(product, await addProfile(shop, { days_max: 2 }))
    const dates = { vacation_from: day(1), vacation_until: day(3) }
    await db.sql`select * from update_shop(${shop}, ${owner}, ${json(dates)})`
    const buyer = await db.makeUser()
    await db.reserve(buyer, product)
    const order = await buy(buyer)
    expect(order.ship_by).toBe(day(5))
    await db.sql`update processing_profiles set days_max = 100 where shop_id = ${shop}`
    expect((await readOrder(order.id)).ship_by).toBe(day(5))
  })

  test('of an order that an earlier version wrote counts the days of the shop', async () => {
    const buyer_id = await db.makeBuyer(await db.makeProduct({ quantity: 5 }))
    const [{ order_id, checkout_id }] = await db.splitOrders(buyer_id)
    await db.sql`update orders set processing_days_max = null where id = ${order_id}`
    await db.settleCheckout(checkout_id, 'paid')
    expect((await readOrder(order_id)).ship_by).toBe(day(3))
  })
})

describe('late orders', () => {
  const mark = (today = day(0), batch_size = 500) =>
    db.value<number>`select mark_late_orders(${today}::text::date, ${batch_size})`
  const mailsOf = (order: number) => db.value<number>`
    select count(*)::int from mails where kind = 'order_late' and fact_id = ${order}`
  beforeEach(() => mark('2100-01-01', 100_000))

  test('are marked once, with an event and one mail to the seller', async () => {
    const { order_id, seller_id } = await db.makeSale()
    await dueOn(order_id, day(-1))
    const before = await readOrder(order_id)
    expect(before.late_since).toBeNull()
    expect(await mark()).toBe(1)
    expect(await mark()).toBe(0)
    const order = await readOrder(order_id)
    expect(order).toMatchObject({ status: 'paid', late_since: `${day(0)}T00:00:00.000Z` })
    expect(await db.rows`select user_id::int from mails where kind = 'order_late' and fact_id = ${order_id}`).toEqual([
      { user_id: seller_id },
    ])
    const events = await db.rows`select status, change, detail from order_events where order_id = ${order_id} and change = 'late'`
    expect(events).toEqual([{ status: 'paid', change: 'late', detail: { late_since: order.late_since } }])
  })

  test('are those whose day is over, and that have something to send', async () => {
    const [today, sent, cancelled] = [await db.makeSale(), await db.makeSale(), await db.makeSale()]
    await dueOn(today.order_id, day(0))
    for (const { order_id } of [sent, cancelled]) await dueOn(order_id, day(-1))
    await db.sql`select * from ship_order(${sent.order_id}, ${sent.seller_id}, 'USPS', '1')`
    await cancel(cancelled.order_id, cancelled.seller_id)
    expect(await mark()).toBe(0)
    expect(await mark(day(1))).toBe(1)
    expect(await mailsOf(today.order_id)).toBe(1)
  })

  test('are marked in batches, and by one of two jobs', async () => {
    const sales = [await db.makeSale(), await db.makeSale(), await db.makeSale()]
    for (const { order_id } of sales) await dueOn(order_id, day(-2))
    expect(await mark(day(0), 2)).toBe(2)
    const marked = await db.race(2, async ({ sql }) => {
      const [row] = await sql`select mark_late_orders() as orders`
      return Number(row?.orders)
    })
    expect(marked.sort()).toEqual([0, 1])
    for (const { order_id } of sales) expect(await mailsOf(order_id)).toBe(1)
  })

  test('that are more than a week late when they are found have no mail', async () => {
    const [old, recent] = [await db.makeSale(), await db.makeSale()]
    await dueOn(old.order_id, day(-8))
    await dueOn(recent.order_id, day(-7))
    expect(await mark()).toBe(2)
    expect((await readOrder(old.order_id)).late_since).toBe(`${day(-7)}T00:00:00.000Z`)
    expect(await Promise.all([old, recent].map(({ order_id }) => mailsOf(order_id)))).toEqual([0, 1])
  })

  test('are replayed from their events', async () => {
    const { order_id } = await db.makeSale()
    await dueOn(order_id, day(-1))
    await mark()
    expect(await db.value`select replay_order(${order_id})`).toMatchObject({
      is_made_to_order: false,
      late_since: `${day(0)}T00:00:00.000Z`,
    })
  })

  test('have no mail if they were sent before it is', async () => {
    const { order_id, seller_id } = await db.makeSale()
    await dueOn(order_id, day(-1))
    await mark()
    const facts = () => db.value`select mail_facts(m) from mails m where m.kind = 'order_late' and m.fact_id = ${order_id}`
    expect(await facts()).not.toBeNull()
    await db.sql`select * from ship_order(${order_id}, ${seller_id}, 'USPS', '1')`
    expect(await facts()).toBeNull()
  })

  test('are a filter of the list of the shop, and so is the day to ship', async () => {
    const sale = await db.makeSale()
    await dueOn(sale.order_id, day(-1))
    await db.reserve(sale.buyer_id, sale.product_id)
    const second = await buy(sale.buyer_id)
    const listed = async (before: string | null, is_late: boolean | null) =>
      (
        await db.rows<{ id: string }>`
          select item::json ->> 'id' as id
          from list_shop_orders(
            ${sale.shop_id}, ${sale.seller_id}, null, null, null, null, null, 24, ${before}::text::date, ${is_late}
          )`
      ).map(({ id }) => Number(id))
    expect(await listed(null, true)).toEqual([sale.order_id])
    expect(await listed(null, false)).toEqual([second.id])
    expect(await listed(second.ship_by, null)).toEqual([sale.order_id])
    expect(await listed(day(4), null)).toEqual([second.id, sale.order_id])
    await db.sql`select * from ship_order(${sale.order_id}, ${sale.seller_id}, 'USPS', '1')`
    expect(await listed(null, true)).toEqual([])
  })
})

describe('a paid order', () => {
  test('that is made to order is cancelled by its buyer only when it is late', async () => {
    const { order_id, buyer_id } = await db.makeSale()
    await db.sql`update orders set is_made_to_order = true, ship_by = ${day(0)}::text::date where id = ${order_id}`
    const refused = await refusalOf(cancel(order_id, buyer_id))
    expect(refused).toMatchObject({ code: 'SWSTA', detail: { order_status: 'paid', cancellable_from: day(1) } })
    expect(refused.message).toContain(day(1))
    await dueOn(order_id, day(-1))
    await cancel(order_id, buyer_id)
    expect((await readOrder(order_id)).status).toBe('cancelled')
  })

  test('that is made to order is cancelled by its seller at any time', async () => {
    const { order_id, seller_id } = await db.makeSale()
    await db.sql`update orders set is_made_to_order = true where id = ${order_id}`
    await cancel(order_id, seller_id)
    expect((await readOrder(order_id)).status).toBe('cancelled')
  })

  test('that is ready to ship is cancelled by its buyer at any time', async () => {
    const { order_id, buyer_id } = await db.makeSale()
    await cancel(order_id, buyer_id)
    expect((await readOrder(order_id)).status).toBe('cancelled')
  })
})

test('dates of a vacation close the cart and the checkout before the job has turned the switch', async () => {
  const product_id = await db.makeProduct({ quantity: 5 })
  const buyer_id = await db.makeBuyer(product_id)
  const shop = await db.value<number>`select shop_id from products where id = ${product_id}`
  await db.sql`update shops set vacation_from = ${day(-1)}::text::date, vacation_until = ${day(0)}::text::date where id = ${shop}`
  expect(await refusalOf(db.splitOrders(buyer_id))).toMatchObject({ code: 'SWVAC' })
  expect(await refusalOf(db.reserve(buyer_id, product_id))).toMatchObject({ code: 'SWVAC' })
  await db.sql`
    update shops set is_on_vacation = true, vacation_from = ${day(-2)}::text::date, vacation_until = ${day(-1)}::text::date
    where id = ${shop}`
  expect(await db.splitOrders(buyer_id)).toHaveLength(1)
})
