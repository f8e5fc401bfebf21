import { beforeAll, describe, expect, test } from 'bun:test'
import { findWrongLedger, makePaid, makeUnbooked, type Paid, refundPart, reportDispute } from '../../test/support/ledger.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

let shop: Paid
let other: Paid

// 6.5 % and 0.30 for each unit of 20.00, with a tax of 20 % on it, is 1.90 + 0.38.
beforeAll(async () => {
  await db.sql`
    update commission_rates set percent = 6.5, fixed_per_unit = 0.3, tax_percent = 20 where position = 2147483647`
  await db.sql`insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '1')`
  shop = await makePaid(db.sql)
  other = await makePaid(db.sql)
  const refunded = await makePaid(db.sql, shop)
  await refundPart(db.sql, refunded, '11.50')
  await reportDispute(db.sql, (await makePaid(db.sql, shop)).charge, 'open')
  for (const outcome of ['open', 'lost']) await reportDispute(db.sql, refunded.charge, outcome, { amount: '20.00' })
  await db.sql`select from ship_order(${shop.order_id}, ${shop.seller_id}, 'UPS', '1Z')`
  await db.sql`select release_earnings()`
  await db.sql`select adjust_balance(${shop.shop_id}, 5, 'a gift')`
  await db.sql`
    select book_balance(
      'provider_fee', 'invoice:1', next_dated_id('payouts_id_seq'), null, 'provider_fees', 'provider', 1.20
    )`
  await makeUnbooked(db.sql, '1 hour', shop)
  await db.sql`select plan_payouts()`
  await db.sql`select settle_payout(id, 'paid') from payouts where shop_id = ${shop.shop_id}`
})

const today = () => db.rows`select * from daily_money where day = (now() at time zone 'UTC')::date`
const cents = (amount: unknown) => Math.round(Number(amount) * 100)

describe('daily_money', () => {
  test('has the money of a day, and its columns add up', async () => {
    const [day = {}] = await today()
    expect(day).toMatchObject({
      sales: 4,
      captured: '92.00',
      refunded: '11.50',
      lost: '20.00',
      paid_out: '25.72',
      commission: '3.80',
      commission_tax: '0.76',
      disputed: '23.00',
      funded: '5.00',
      bad_debt: '8.50',
      provider_fees: '1.20',
    })
    const sum = (...names: string[]) => names.reduce((all, name) => all + cents(day[name]), 0)
    const left = sum('captured') - sum('refunded', 'lost', 'paid_out')
    const held = sum('commission', 'commission_tax', 'tax_payable', 'disputed', 'owed') - sum('funded', 'bad_debt')
    expect(left).toBe(held)
    expect(await findWrongLedger(db.sql)).toEqual([])
  })

  test('finds a day by the index', async () => {
    const plan = await planOf("select * from daily_money where day between '2026-11-01' and '2026-11-02'")
    expect(plan).not.toContain('Seq Scan')
    expect(plan).toMatch(/Index Cond: .*created_at.*>= '2026-11-01'/)
  })
})

describe('shop_money', () => {
  test('has what a shop sold and got', async () => {
    expect(await db.rows`select * from shop_money where shop_id = ${shop.shop_id}`).toEqual([
      {
        shop_id: shop.shop_id,
        owner_id: shop.seller_id,
        sales: 3,
        sold: '69.00',
        refunded: '11.50',
        lost: '11.50',
        disputed: '23.00',
        commission: '1.90',
        commission_tax: '0.38',
        tax_payable: '0',
        adjusted: '5.00',
        pending: '0.00',
        available: '0.00',
        in_transit: '0.00',
        paid_out: '25.72',
        last_paid_at: expect.any(Date),
        sales_before: 1,
        sold_before: '23.00',
        refunded_before: '0.00',
      },
    ])
  })

  test('has rows that add up', async () => {
    for (const row of await db.rows`select * from shop_money`) {
      const sum = (...names: string[]) => names.reduce((all, name) => all + cents(row[name]), 0)
      const earned = sum('sold', 'adjusted') - sum('refunded', 'lost', 'disputed', 'commission', 'commission_tax', 'tax_payable')
      expect(sum('pending', 'available', 'in_transit', 'paid_out')).toBe(earned)
    }
  })

  test('has a shop without a sale, too', async () => {
    const shop_id = await db.makeShop()
    expect(await db.rows`select sales, sold, available, last_paid_at from shop_money where shop_id = ${shop_id}`).toEqual([
      { sales: 0, sold: '0', available: '0', last_paid_at: null },
    ])
  })

  test('reads only the rows of a shop', async () => {
    expect(await planOf('select * from shop_money where shop_id = 1')).not.toContain('Seq Scan')
  })
})

describe('seller_year', () => {
  test('has the sales of a shop in a year by quarter, also those from before the ledger', async () => {
    const [row = {}] = await db.rows`select * from seller_year where shop_id = ${shop.shop_id}`
    const now = new Date()
    const quarter = Math.floor(now.getUTCMonth() / 3) + 1
    expect(row).toMatchObject({
      owner_id: shop.seller_id,
      year: now.getUTCFullYear(),
      sales: 4,
      [`sales_q${quarter}`]: 4,
      sold: '92.00',
      [`sold_q${quarter}`]: '92.00',
      refunded: '23.00',
      commission: '1.90',
      commission_tax: '0.38',
      [`fees_q${quarter}`]: '2.28',
    })
    const quarters = [1, 2, 3, 4].reduce((sum, n) => sum + cents(row[`sold_q${n}`]), 0)
    expect(quarters).toBe(9200)
    expect(await db.rows`select sales, sold from seller_year where shop_id = ${other.shop_id}`).toEqual([
      { sales: 1, sold: '23.00' },
    ])
  })

  test('reads only the rows of a shop', async () => {
    expect(await planOf('select * from seller_year where shop_id = 1')).not.toContain('Seq Scan')
  })
})

/** The plan of a statement on tables of which a plan by index is cheaper: PostgreSQL takes it if there is one. */
async function planOf(text: string): Promise<string> {
  return await db.sql.begin(async (tx) => {
    await tx`set local enable_seqscan = off`
    const rows = await tx.unsafe(`explain ${text}`)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
}
