import { beforeEach, describe, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import { type Sale, unique } from '../../test/support/factory.ts'
import * as ledger from '../../test/support/ledger.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { blocksOf } from '../../test/support/runbook.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Rate = {
  percent: number
  fixed?: number
  min?: number
  max?: number | null
  on_shipping?: boolean
  tax?: number
  is_kept?: boolean
}

/** A sale has two units at 10.00 and 3.00 of postage. */
const makePaid = (shop?: Sale) => ledger.makePaid(db.sql, shop)

const setRate = ({ percent, fixed = 0, min = 0, max = null, on_shipping = false, tax = 0, is_kept = false }: Rate) => db.sql`
  update commission_rates
  set percent = ${percent}, fixed_per_unit = ${fixed}, min = ${min}, max = ${max}, on_shipping = ${on_shipping}, tax_percent = ${tax},
    is_returned_on_refund = ${!is_kept}
  where position = 2147483647`
const set = (name: string, value: string) => db.sql`
  insert into settings (name, value) values (${name}, ${value}) on conflict (name) do update set value = excluded.value`

const accountsOf = async ({ order_id }: Sale) => {
  const rows = await db.sql<{ account: string; amount: string }[]>`
    select account, sum(amount)::text as amount from ledger_entries where order_id = ${order_id}
    group by account having sum(amount) <> 0`
  return Object.fromEntries(rows.map(({ account, amount }) => [account, amount]))
}
const balanceOf = async ({ shop_id }: { shop_id: number }) =>
  (await db.rows`select pending, available, in_transit from shop_balances where shop_id = ${shop_id}`)[0]

const refund = (sale: Sale, amount: string) => ledger.refundPart(db.sql, sale, amount)
const settleRefund = (id: number, outcome: string) => db.sql`select from settle_refund(${id}, ${outcome}, 're', null)`
const ship = ({ order_id, seller_id }: Sale) => db.sql`select from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
const dispute = ({ charge }: { charge: string }, outcome: string, amount = '23.00', reference = 'dp_1') =>
  ledger.reportDispute(db.sql, charge, outcome, { amount, reference })
const releasedAt = ({ order_id }: Sale) => db.value<Date | null>`select released_at from orders where id = ${order_id}`
const release = () => db.value<number>`select release_earnings()`
const plan = () => db.value<number>`select plan_payouts()`
const payoutOf = async ({ shop_id }: { shop_id: number }) =>
  (
    await db.sql<{ id: number; status: string; amount: string }[]>`
    select id, status, amount::text from payouts where shop_id = ${shop_id} order by id desc limit 1`
  )[0] as { id: number; status: string; amount: string }
const settle = (id: number, outcome: string) => db.sql`select settle_payout(${id}, ${outcome}, ${`po_${id}`})`

async function makeReleased() {
  const sale = await makePaid()
  await ship(sale)
  await release()
  return sale
}

/** Runs statements without triggers, as the previous version of the service or a later time would have written. */
const behindTriggers = <T>(run: (tx: Sql) => Promise<T>) =>
  db.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    return run(tx)
  })

const makeUnbooked = (paid_ago: string) => ledger.makeUnbooked(db.sql, paid_ago)

beforeEach(async () => {
  await setRate({ percent: 0 })
  await set('PAYOUT_HOLD_DAYS', '0')
  await set('PAYOUT_MINIMUM', '1')
})

const expectSound = async () => expect(await ledger.findWrongLedger(db.sql)).toEqual([])

describe('a sale', () => {
  test('is owed to the shop as a whole without a commission', async () => {
    const sale = await makePaid()
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', seller_pending: '23.00' })
    expect(await balanceOf(sale)).toEqual({ pending: '23.00', available: '0.00', in_transit: '0.00' })
    await expectSound()
  })

  test.each([
    [
      'a percent and an amount for each unit, rounded half up',
      { percent: 6.5, fixed: 0.3 },
      { commission: '1.90', seller_pending: '21.10' },
    ],
    ['of postage too', { percent: 10, on_shipping: true }, { commission: '2.30', seller_pending: '20.70' }],
    ['its least amount', { percent: 1, min: 5 }, { commission: '5.00', seller_pending: '18.00' }],
    ['its largest amount', { percent: 50, max: 4 }, { commission: '4.00', seller_pending: '19.00' }],
    ['never more than the lines cost', { percent: 0, fixed: 50 }, { commission: '20.00', seller_pending: '3.00' }],
    ['a tax on it', { percent: 10, tax: 19 }, { commission: '2.00', commission_tax: '0.38', seller_pending: '20.62' }],
  ])('a commission can be %s', async (_, rate, shares) => {
    await setRate(rate)
    const sale = await makePaid()
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', ...shares })
    await setRate({ percent: 90 })
    await refund(sale, '23.00')
    expect(await accountsOf(sale)).toEqual({})
    await expectSound()
  })

  test('a declined payment owes nothing', async () => {
    const sale = await db.makeSale({ outcome: null })
    await db.sql`select settle_checkout(${sale.checkout_id}, 'declined')`
    expect(await accountsOf(sale)).toEqual({})
  })
})

describe('a refund', () => {
  test('returns its part of the commission, and many small ones return all of it', async () => {
    await setRate({ percent: 6.5, fixed: 0.3 })
    const sale = await makePaid()
    for (let n = 0; n < 23; n++) await refund(sale, '1.00')
    expect(await accountsOf(sale)).toEqual({})
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '0.00', in_transit: '0.00' })
    await expectSound()
  })

  test('that failed is owed to the shop again', async () => {
    await setRate({ percent: 10 })
    const sale = await makePaid()
    const id = await refund(sale, '11.50')
    expect(await accountsOf(sale)).toEqual({ provider: '-11.50', commission: '1.00', seller_pending: '10.50' })
    await settleRefund(id, 'failed')
    await settleRefund(id, 'failed')
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', commission: '2.00', seller_pending: '21.00' })
    await expectSound()
  })

  test('of all leaves a debt if the commission is kept', async () => {
    await setRate({ percent: 10, is_kept: true })
    const sale = await makePaid()
    await refund(sale, '23.00')
    expect(await accountsOf(sale)).toEqual({ commission: '2.00', seller_available: '-2.00' })
    await expectSound()
  })

  test('after the release is taken from what is available, and can make a debt', async () => {
    const sale = await makeReleased()
    await plan()
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '0.00', in_transit: '23.00' })
    await refund(sale, '3.00')
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '-3.00', in_transit: '23.00' })
    await expectSound()
    const next = await makePaid(sale)
    await ship(next)
    await release()
    await settle((await payoutOf(sale)).id, 'paid')
    await plan()
    expect(await payoutOf(sale)).toMatchObject({ amount: '20.00', status: 'planned' })
    await expectSound()
  })
})

describe('a dispute', () => {
  test.each([
    ['won', { provider: '-23.00', commission: '2.00', seller_pending: '21.00' }],
    ['lost', {}],
  ])('that is %s', async (outcome, shares) => {
    await setRate({ percent: 10 })
    const sale = await makePaid()
    await dispute(sale, 'open')
    await dispute(sale, 'open')
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', disputed: '23.00' })
    await expectSound()
    await ship(sale)
    await release()
    expect(await releasedAt(sale)).toBeNull()
    await dispute(sale, outcome)
    expect(await accountsOf(sale)).toEqual(shares)
    await expectSound()
  })

  test('beyond what is left of the order is the loss of the marketplace', async () => {
    const sale = await makePaid()
    await refund(sale, '20.00')
    await dispute(sale, 'open')
    await dispute(sale, 'lost')
    expect(await accountsOf(sale)).toEqual({})
    expect(await db.value<string>`select sum(amount)::text from ledger_entries where account = 'bad_debt'`).toBe('-20.00')
    await expectSound()
  })

  test('beyond the order is paid by a refund that fails later, and the shop is owed nothing more', async () => {
    const sale = await makePaid()
    const id = await refund(sale, '20.00')
    await dispute(sale, 'open')
    await dispute(sale, 'lost')
    const loss = () => db.value<string>`select coalesce(sum(amount), 0)::text from ledger_entries where account = 'bad_debt'`
    const before = Number(await loss())
    await settleRefund(id, 'failed')
    expect(await accountsOf(sale)).toEqual({})
    expect(Number(await loss()) - before).toBe(20)
    await expectSound()
  })

  test.each(['open', 'lost'])('that is %s leaves a refund that was made at the provider to its orders', async (outcome) => {
    const sale = await makePaid()
    const loss = () => db.value<string>`select coalesce(sum(amount), 0)::text from ledger_entries where account = 'bad_debt'`
    const before = Number(await loss())
    await dispute(sale, outcome)
    const reference = unique('re')
    const apply = (result: string) => db.rows`
      select problem from apply_refund_event(
        'simulated', ${unique('evt')}, ${sale.charge}, ${reference}, null, 20.00, 'usd', ${result})`
    expect(await apply('refunded')).toEqual([{ problem: null }])
    await dispute(sale, 'lost')
    expect(await accountsOf(sale)).toEqual({})
    expect(Number(await loss()) - before).toBe(-20)
    await expectSound()
    await apply('failed')
    expect(await accountsOf(sale)).toEqual({})
    expect(Number(await loss()) - before).toBe(0)
    await expectSound()
  })

  test('that is open holds the money of a refund that fails, also of a released order', async () => {
    const sale = await makeReleased()
    const id = await refund(sale, '20.00')
    await dispute(sale, 'open')
    expect(await accountsOf(sale)).toEqual({ provider: '-3.00', disputed: '3.00' })
    await settleRefund(id, 'failed')
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', disputed: '23.00' })
    await dispute(sale, 'won')
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', seller_available: '23.00' })
    await expectSound()
  })

  test('no statement releases a held order', async () => {
    const sale = await makePaid()
    await dispute(sale, 'open')
    expect(await refusalOf(db.sql`update orders set released_at = now() where id = ${sale.order_id}`)).toMatchObject({
      code: 'SWPHL',
    })
    await dispute(sale, 'won')
  })
})

test('an order from before the ledger moves nothing in it', async () => {
  await makePaid()
  const sale = await makeUnbooked('1 day')
  const id = await refund(sale, '3.00')
  await settleRefund(id, 'failed')
  await ship(sale)
  await release()
  expect(await releasedAt(sale)).toBeNull()
  await refund(sale, '1.00')
  await dispute(sale, 'open')
  await dispute(sale, 'lost', '23.00')
  expect(await db.value`select count(*) from ledger_entries where order_id = ${sale.order_id}`).toBe(0)
  await expectSound()
})

test('an order from before the ledger with money in it is no fault, although an older order has entries', async () => {
  const older = await db.makeSale({ outcome: null })
  await makeUnbooked('1 day')
  await db.sql`select settle_checkout(${older.checkout_id}, 'paid', 'simulated', ${unique('ch')})`
  await expectSound()
})

describe('after a rollback, the statements of the runbook repair', () => {
  const repair = async () => {
    const [statements = ''] = blocksOf('Roll back', 'sql')
    await db.sql.unsafe(statements)
  }

  test('sales without entries', async () => {
    const sale = await makeUnbooked('0')
    const before = await ledger.findWrongLedger(db.sql)
    expect(before).toHaveLength(2)
    expect(before[0]).toContain(`${sale.order_id}`)
    await repair()
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', seller_pending: '23.00' })
    await expectSound()
  })

  test('refunds without entries, which no release takes from the marketplace before', async () => {
    const sale = await makePaid()
    await ship(sale)
    await behindTriggers((tx) => tx`update orders set refunded = 20 where id = ${sale.order_id}`)
    expect(await ledger.findWrongLedger(db.sql)).not.toEqual([])
    await release()
    expect(await balanceOf(sale)).toMatchObject({ available: '0.00' })
    await repair()
    await expectSound()
    await release()
    expect(await balanceOf(sale)).toMatchObject({ pending: '0.00', available: '3.00' })
    await expectSound()
    await behindTriggers((tx) => tx`update orders set refunded = 0 where id = ${sale.order_id}`)
    await repair()
  })
})

describe('find_wrong_ledger', () => {
  const inVain = async (run: (tx: Sql) => Promise<unknown>) => {
    const rollback = new Error('rolled back')
    await db.sql
      .begin(async (tx) => {
        await run(tx)
        throw rollback
      })
      .catch((error) => {
        if (error !== rollback) throw error
      })
  }

  test('leaves out orders whose month is detached', async () => {
    const sale = await makePaid()
    await refund(sale, '20.00')
    await dispute(sale, 'open')
    await dispute(sale, 'lost')
    await makeReleased()
    await inVain(async (tx) => {
      await tx`set local session_replication_role = replica`
      for (const table of ['order_events', 'order_items', 'orders']) await tx.unsafe(`delete from ${table}`)
      expect(await ledger.findWrongLedger(tx)).toEqual([])
    })
  })

  test('finds a transaction without entries', async () => {
    await inVain(async (tx) => {
      await tx`
        insert into ledger_transactions (id, kind, source) values (ledger_id(next_dated_id('payouts_id_seq')), 'adjustment', 'adjustment:none')`
      expect(await ledger.findWrongLedger(tx)).toEqual([expect.stringContaining('transaction without entries')])
    })
  })

  test.each([
    ['the commission', { percent: 10, tax: 19 }, "account = 'commission'"],
    ['what is pending', { percent: 0 }, "account = 'seller_pending'"],
  ])('finds an order of which %s is not booked', async (_, rate, entry) => {
    await setRate(rate)
    const sale = await makePaid()
    await inVain(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx.unsafe(`delete from ledger_entries where order_id = ${sale.order_id} and ${entry}`)
      expect(await ledger.findWrongLedger(tx)).toContainEqual(expect.stringContaining(`order: `))
    })
  })
})

describe('list_ledger', () => {
  test('refuses days in the wrong order', async () => {
    const sale = await makePaid()
    const listed = db.sql`select * from list_ledger(${sale.shop_id}, ${sale.seller_id}, '2026-02-02', '2026-02-01', null, 24)`
    expect(await refusalOf(listed)).toMatchObject({ code: 'SWINV', detail: { field: 'from' } })
  })
})

describe('adjust_balance', () => {
  const adjust = (
    { shop_id }: { shop_id: number },
    amount: string | null,
    {
      reason = 'a gift',
      actor_id = null,
      key = unique('key'),
    }: { reason?: string | null; actor_id?: number | null; key?: string } = {},
  ) => db.value<number>`select adjust_balance(${shop_id}, ${amount}::text::numeric, ${reason}, ${actor_id}, ${key})`

  test('books a key once', async () => {
    const shop_id = await db.makeShop()
    const key = unique('key')
    const id = await adjust({ shop_id }, '5.00', { key })
    expect(await adjust({ shop_id }, '5', { key, reason: 'in other words' })).toBe(id)
    expect(await balanceOf({ shop_id })).toMatchObject({ available: '5.00' })
    await expectSound()
  })

  test('refuses a key that has booked another amount or shop', async () => {
    const shop = { shop_id: await db.makeShop() }
    const key = unique('key')
    await adjust(shop, '5.00', { key })
    const refusal = { code: 'SWINV', detail: { field: 'key' } }
    expect(await refusalOf(adjust(shop, '6.00', { key }))).toMatchObject(refusal)
    expect(await refusalOf(adjust({ shop_id: await db.makeShop() }, '5.00', { key }))).toMatchObject(refusal)
  })

  test.each([
    ['amount', '0', {}],
    ['amount', null, {}],
    ['amount', '0.001', {}],
    ['amount', '1000000.01', {}],
    ['amount', '-1000000.01', {}],
    ['amount', 'NaN', {}],
    ['reason', '1.00', { reason: null }],
    ['reason', '1.00', { reason: ' ' }],
    ['reason', '1.00', { reason: 'x'.repeat(1001) }],
    ['actor_id', '1.00', { actor_id: 999_999_999 }],
    ['key', '1.00', { key: '' }],
  ])('refuses a wrong %s: %s %p', async (field, amount, rest) => {
    const shop_id = await db.makeShop()
    expect(await refusalOf(adjust({ shop_id }, amount, rest))).toMatchObject({ code: 'SWINV', detail: { field } })
    expect(await balanceOf({ shop_id })).toBeUndefined()
  })
})

describe('a hold of an operator', () => {
  const hold = ({ order_id }: { order_id: number }) =>
    db.sql`insert into order_holds (order_id, kind, source) values (${order_id}, 'operator', 'a question')`

  test('keeps the earnings pending, also when it is repeated or begins again', async () => {
    const sale = await makePaid()
    await ship(sale)
    await hold(sale)
    await hold(sale)
    await release()
    expect(await releasedAt(sale)).toBeNull()
    await db.sql`update order_holds set ended_at = now() where order_id = ${sale.order_id} and kind = 'operator'`
    await hold(sale)
    await release()
    expect(await releasedAt(sale)).toBeNull()
    await db.sql`update order_holds set ended_at = now() where order_id = ${sale.order_id} and kind = 'operator'`
    await release()
    expect(await releasedAt(sale)).not.toBeNull()
  })

  test('is refused after the release, and for an order that does not exist', async () => {
    const sale = await makeReleased()
    expect(await refusalOf(hold(sale))).toMatchObject({ code: 'SWPHL' })
    expect(await refusalOf(hold({ order_id: 202401000000001 }))).toMatchObject({ code: 'SWNTF' })
    await dispute(sale, 'open')
    expect(await accountsOf(sale)).toEqual({ provider: '-23.00', disputed: '23.00' })
  })

  test('waits for a release that has begun', async () => {
    const sale = await makePaid()
    await ship(sale)
    const held = db.interleave(
      (sql) => sql`select release_earnings()`,
      (sql) => sql`insert into order_holds (order_id, kind, source) values (${sale.order_id}, 'operator', 'a question')`,
    )
    expect(await refusalOf(held)).toMatchObject({ code: 'SWPHL' })
  })
})

describe('release_earnings', () => {
  test('changes nothing that the events of the order tell', async () => {
    const sale = await makeReleased()
    expect(await releasedAt(sale)).toBeInstanceOf(Date)
    expect(await db.value`select replay_order(o.id) = order_facts(o) from orders o where o.id = ${sale.order_id}`).toBe(true)
  })

  /** Moves the events of an order into the past. */
  const age = ({ order_id }: Sale, days: number) =>
    db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`update order_events set created_at = created_at - make_interval(days => ${days}) where order_id = ${order_id}`
    })

  test.each([
    ['unset', null, { shipped: 14, delivered: 3 }],
    ['a number of days', '7', { shipped: 7, delivered: 7 }],
  ])('waits after shipping or delivery, PAYOUT_HOLD_DAYS %s', async (_, days, waits) => {
    if (days === null) await db.sql`delete from settings where name = 'PAYOUT_HOLD_DAYS'`
    else await set('PAYOUT_HOLD_DAYS', days)
    const [paid, shipped, delivered] = [await makePaid(), await makePaid(), await makePaid()]
    for (const sale of [shipped, delivered]) await ship(sale)
    await db.sql`select from deliver_order(${delivered.order_id}, ${delivered.seller_id})`
    await age(paid, 30)
    for (const [sale, wait] of [
      [shipped, waits.shipped],
      [delivered, waits.delivered],
    ] as const) {
      await age(sale, wait - 1)
      await release()
      expect(await balanceOf(sale)).toMatchObject({ pending: '23.00', available: '0.00' })
      await age(sale, 1)
      await release()
      expect(await balanceOf(sale)).toMatchObject({ pending: '0.00', available: '23.00' })
    }
    expect(await balanceOf(paid)).toMatchObject({ pending: '23.00' })
    await expectSound()
  })
})

describe('a payout', () => {
  test('is all that is available, once', async () => {
    const sale = await makeReleased()
    expect(await plan()).toBeGreaterThanOrEqual(1)
    expect(await plan()).toBe(0)
    const payout = await payoutOf(sale)
    expect(payout).toMatchObject({ amount: '23.00', status: 'planned' })
    await settle(payout.id, 'unknown')
    expect(await plan()).toBe(0)
    await settle(payout.id, 'paid')
    await settle(payout.id, 'failed')
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '0.00', in_transit: '0.00' })
    await expectSound()
  })

  test.each(['failed', 'returned'])('that is %s is available again', async (outcome) => {
    const sale = await makeReleased()
    await plan()
    const payout = await payoutOf(sale)
    await settle(payout.id, outcome)
    await settle(payout.id, outcome)
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '23.00', in_transit: '0.00' })
    await expectSound()
    await plan()
    const again = await payoutOf(sale)
    expect(again.id).not.toBe(payout.id)
    await settle(again.id, 'paid')
    await expectSound()
  })

  test('below the minimum waits for an operator', async () => {
    await set('PAYOUT_MINIMUM', '25.00')
    const sale = await makeReleased()
    await plan()
    expect(await payoutOf(sale)).toBeUndefined()
    await db.sql`select * from plan_payout(${sale.shop_id})`
    expect(await payoutOf(sale)).toMatchObject({ amount: '23.00' })
    expect(await refusalOf(db.sql`select * from plan_payout(${sale.shop_id})`)).toMatchObject({ code: 'SWPHL' })
    await expectSound()
  })
})

test.each([null, '25', '25.0'])('the minimum is an amount with cents, PAYOUT_MINIMUM %s', async (stored) => {
  await db.sql`delete from settings where name = 'PAYOUT_MINIMUM'`
  if (stored) await set('PAYOUT_MINIMUM', stored)
  expect(await db.value<string>`select payout_minimum()::text`).toBe('25.00')
})

describe('the database refuses', () => {
  test('entries that do not add up, and a transaction that is booked twice', async () => {
    const sale = await makePaid()
    const unbalanced = db.sql`
      with t as (insert into ledger_transactions (id, kind, source) values (ledger_id(${sale.order_id}), 'adjustment', 'adjustment:x') returning id)
      insert into ledger_entries (transaction_id, line_no, account, amount) select id, 1, 'bad_debt', 1 from t`
    expect(await refusalOf(unbalanced)).toMatchObject({ code: 'SWSUM' })
    const late = db.sql`
      insert into ledger_entries (transaction_id, line_no, account, amount)
      select t.id, l.n, 'bad_debt', l.amount
      from ledger_transactions t, (values (91, 1), (92, -1)) l (n, amount) where t.source = ${`checkout:${sale.checkout_id}`}`
    expect(await refusalOf(late)).toMatchObject({ code: 'SWSUM' })
    const of_another_day = db.sql`
      with t as (
        insert into ledger_transactions (id, kind, source) values (ledger_id(${sale.order_id}), 'adjustment', 'adjustment:y') returning id
      )
      insert into ledger_entries (transaction_id, line_no, account, amount, created_at)
      select t.id, l.n, 'bad_debt', l.amount, now() - interval '1 day' from t, (values (1, 1), (2, -1)) l (n, amount)`
    expect(await refusalOf(of_another_day)).toMatchObject({ code: 'SWSUM' })
    const twice = db.sql`
      insert into ledger_transactions (id, kind, source)
      select ledger_id(t.id), t.kind, t.source from ledger_transactions t where t.source = ${`checkout:${sale.checkout_id}`}`
    expect(await refusalOf(twice)).toMatchObject({ code: '23505' })
    expect(await refusalOf(db.sql`update shop_balances set pending = 0`)).toMatchObject({ code: 'SWAPP' })
    expect(await refusalOf(db.sql`delete from ledger_entries`)).toMatchObject({ code: 'SWAPP' })
    expect(await refusalOf(db.sql`delete from commission_rates`)).toMatchObject({ code: 'SWAPP' })
    expect(await refusalOf(db.sql`truncate commission_rates`)).toMatchObject({ code: 'SWAPP' })
  })

  test.each([
    ['ledger_transactions', 'kind'],
    ['ledger_entries', 'amount'],
    ['order_commissions', 'amount'],
    ['payout_items', 'payout_id'],
  ])('a change of %s', async (table, column) => {
    for (const change of [`update ${table} set ${column} = ${column}`, `delete from ${table}`, `truncate ${table}`])
      expect([change, await refusalOf(db.sql.unsafe(change))]).toMatchObject([change, { code: 'SWAPP' }])
  })

  test('another place for the rate that fits all sales', async () => {
    expect(await refusalOf(db.sql`update commission_rates set position = 1 where position = 2147483647`)).toMatchObject({
      code: 'SWAPP',
    })
  })

  test('a second open payout, one that is not the sum of its transfers, and less than nothing in transit', async () => {
    const sale = await makeReleased()
    const insert = (amount: string) => db.sql`
      insert into payouts (shop_id, provider, amount) values (${sale.shop_id}, 'manual', ${amount}::text::numeric)`
    expect(await refusalOf(insert('23.00'))).toMatchObject({ code: 'SWSUM' })
    await plan()
    expect(await refusalOf(insert('1.00'))).toMatchObject({ constraint: 'payouts_open_key' })
    const beyond = db.sql`
      select book_balance(
        'adjustment', 'adjustment:beyond', ${sale.order_id}, ${sale.shop_id}, 'seller_in_transit', 'platform_funding', 23.01
      )`
    expect(await refusalOf(beyond)).toMatchObject({ constraint: 'shop_balances_in_transit_is_not_negative' })
    await expectSound()
  })
})
