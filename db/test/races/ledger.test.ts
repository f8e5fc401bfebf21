/** The books are right in each order of two statements that race for one shop, one order or one payout. */
import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Sql } from '../../../src/platform/db/client.ts'
import { unique } from '../../../test/support/factory.ts'
import { findWrongLedger, makePaid, type Paid, refundPart, reportDispute } from '../../../test/support/ledger.ts'
import { countDeadlocks, openRivals, type Rival, race, untilBlocked } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const PLANNERS = 20
const db = await testDatabase()
const rivals = await openRivals(db.url, PLANNERS)
afterAll(rivals.close)
const [first, second, third] = rivals.all as [Rival, Rival, Rival]

beforeEach(async () => {
  await db.sql`
    insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '1') on conflict do nothing`
})

/** A sale of 23.00 that is shipped, so that its earnings can be released. */
async function makeShipped(): Promise<Paid> {
  const sale = await makePaid(db.sql)
  await db.sql`select from ship_order(${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z')`
  return sale
}

async function makeReleased(): Promise<Paid> {
  const sale = await makeShipped()
  await release(db.sql)
  return sale
}

async function makePlanned(): Promise<{ sale: Paid; payout_id: number }> {
  const sale = await makeReleased()
  await plan(db.sql)
  return { sale, payout_id: await openPayoutOf(sale.shop_id) }
}

const openPayoutOf = (shop_id: number) =>
  db.value<number>`select id from payouts where shop_id = ${shop_id} and status in ('planned', 'sent', 'unknown')`

const release = (sql: Sql) => outcomeOf(sql`select release_earnings()`)
const plan = (sql: Sql) => outcomeOf(sql`select plan_payouts()`)
const refund =
  (sale: Paid, amount = '3.00') =>
  (sql: Sql) =>
    outcomeOf(refundPart(sql, sale, amount))
const dispute =
  ({ charge }: Paid, outcome = 'open') =>
  (sql: Sql) =>
    outcomeOf(reportDispute(sql, charge, outcome))
const settle = (payout_id: number, outcome: string) => (sql: Sql) =>
  outcomeOf(sql`select settle_payout(${payout_id}, ${outcome}, ${`po_${payout_id}`}, null)`)
const adjust = (shop_id: number, amount: string, key: string) => (sql: Sql) =>
  outcomeOf(sql`select adjust_balance(${shop_id}, ${amount}::text::numeric, 'a test', null, ${key})`)

async function expectBalance({ shop_id }: { shop_id: number }, pending: string, available: string, in_transit: string) {
  const balances = await db.rows`
    select pending::text, available::text, in_transit::text from shop_balances where shop_id = ${shop_id}`
  expect(balances).toEqual([{ pending, available, in_transit }])
  expect(await findWrongLedger(db.sql)).toEqual([])
}

test('20 planners plan one payout for each of 50 shops, of all that it has', async () => {
  const shops: number[] = []
  for (let n = 0; n < 50; n++) {
    const shop = await db.makeShop()
    for (const cents of [n + 101, 33]) await adjust(shop, (cents / 100).toFixed(2), unique('key'))(db.sql)
    shops.push(shop)
  }
  const planned = await race(rivals, async ({ sql }, n) => {
    const [row] = await sql<{ payouts: number }[]>`select plan_payouts(${n % 2 ? 1000 : 7}) as payouts`
    // Money that comes while others plan is in this payout or in the next one.
    await adjust(shops[n] as number, '5.00', unique('late'))(sql)
    return row?.payouts ?? 0
  })
  expect(planned.reduce((sum, payouts) => sum + payouts, 0)).toBe(50)
  const payouts = await db.rows<{ shop_id: number; amount: string }>`
    select shop_id, amount::text from payouts where shop_id = any (${shops}::bigint[]) order by shop_id`
  expect(payouts.map(({ shop_id }) => shop_id)).toEqual(shops)
  for (const [n, { amount }] of payouts.entries()) {
    const without = ((n + 134) / 100).toFixed(2)
    expect(n < PLANNERS ? [without, ((n + 634) / 100).toFixed(2)] : [without]).toContain(amount)
  }
  expect(await findWrongLedger(db.sql)).toEqual([])
  expect(await countDeadlocks(rivals)).toBe(0)
})

test('a planner waits for no settlement that waits for it', async () => {
  const [low, high] = [await db.makeShop(), await db.makeShop()]
  for (const shop of [low, high]) await adjust(shop, '30.00', unique('key'))(db.sql)
  const lock = ({ sql }: Rival, shop: number) => sql`select from shop_balances where shop_id = ${shop} for no key update`
  await first.sql`begin`
  await lock(first, low)
  const planning = plan(second.sql)
  await untilBlocked(db.sql, second)
  // The planner has not seen this payout.
  await db.sql`select from plan_payout(${high})`
  await adjust(high, '40.00', unique('key'))(db.sql)
  const payout_id = await openPayoutOf(high)
  await third.sql`begin`
  await lock(third, high)
  await first.sql`commit`
  await untilBlockedBy(second, third)
  const settling = settle(payout_id, 'failed')(first.sql)
  await untilBlocked(db.sql, first)
  await third.sql`commit`
  expect(await Promise.all([planning, settling])).toEqual(['done', 'done'])
  expect(await countDeadlocks(rivals)).toBe(0)
  await expectBalance({ shop_id: low }, '0.00', '0.00', '30.00')
  await expectBalance({ shop_id: high }, '0.00', '70.00', '0.00')
})

/** Waits until the backend of `waiting` waits for a lock of `holder`. */
async function untilBlockedBy(waiting: Rival, holder: Rival): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await db.value<boolean>`select ${holder.pid} = any (pg_blocking_pids(${waiting.pid}))`))
    if (Date.now() > deadline) throw new Error(`Backend ${waiting.pid} does not wait for ${holder.pid}.`)
}

describe('a refund and a release', () => {
  test('that follows: the rest is released', async () => {
    const sale = await makeShipped()
    await first.sql`begin`
    expect(await refund(sale)(first.sql)).toBe('done')
    expect(await release(second.sql)).toBe('done')
    await first.sql`commit`
    await expectBalance(sale, '20.00', '0.00', '0.00')
    await release(second.sql)
    await expectBalance(sale, '0.00', '20.00', '0.00')
  })

  test('that came first: the refund is taken from what is available', async () => {
    const sale = await makeShipped()
    expect(await db.interleave(release, refund(sale))).toBe('done')
    await expectBalance(sale, '0.00', '20.00', '0.00')
  })

  test('in whose middle it commits: what is released is what is left', async () => {
    const [earlier, later] = [await makeShipped(), await makeShipped()]
    await pauseRelease(earlier, async () => refund(later)(second.sql))
    await expectBalance(earlier, '0.00', '23.00', '0.00')
    await release(db.sql)
    await expectBalance(later, '0.00', '20.00', '0.00')
  })
})

describe('a dispute and a release', () => {
  test('that follows: nothing is released', async () => {
    const sale = await makeShipped()
    await first.sql`begin`
    expect(await dispute(sale)(first.sql)).toBe('done')
    expect(await release(second.sql)).toBe('done')
    await first.sql`commit`
    expect(await release(second.sql)).toBe('done')
    await expectBalance(sale, '0.00', '0.00', '0.00')
    expect(await db.value`select released_at from orders where id = ${sale.order_id}`).toBeNull()
    await dispute(sale, 'won')(db.sql)
    await expectBalance(sale, '23.00', '0.00', '0.00')
    await release(second.sql)
    await expectBalance(sale, '0.00', '23.00', '0.00')
  })

  test('that came first: the amount is taken from what is available', async () => {
    const sale = await makeShipped()
    expect(await db.interleave(release, dispute(sale))).toBe('done')
    await expectBalance(sale, '0.00', '0.00', '0.00')
    expect(await db.value`select released_at is not null from orders where id = ${sale.order_id}`).toBe(true)
    await dispute(sale, 'won')(db.sql)
    await expectBalance(sale, '0.00', '23.00', '0.00')
  })

  test('in whose middle it commits: the other orders are released', async () => {
    const [earlier, later] = [await makeShipped(), await makeShipped()]
    await pauseRelease(earlier, async () => dispute(later)(second.sql))
    await expectBalance(earlier, '0.00', '23.00', '0.00')
    await expectBalance(later, '0.00', '0.00', '0.00')
  })
})

/** Runs `meanwhile` while release_earnings is at the order of `paused`. Both must end well. */
async function pauseRelease(paused: Paid, meanwhile: () => Promise<string>): Promise<void> {
  const key = paused.order_id % 1_000_000
  await db.sql.unsafe(`
    create function pause() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(${key}); return new; end $$;
    create trigger pause before update of released_at on orders for each row
      when (new.id = ${paused.order_id}) execute function pause();`)
  await third.sql`begin`
  await third.sql`select pg_advisory_xact_lock(${key})`
  const releasing = release(first.sql)
  await untilBlocked(db.sql, first)
  const done = meanwhile()
  await Promise.race([done, untilBlocked(db.sql, second)])
  await third.sql`commit`
  expect(await Promise.all([releasing, done])).toEqual(['done', 'done'])
  await db.sql.unsafe('drop trigger pause on orders; drop function pause()')
}

describe('a refund and a payout', () => {
  test('that is planned after it: the payout is lower', async () => {
    const sale = await makeReleased()
    expect(await db.interleave(refund(sale), plan)).toBe('done')
    await expectBalance(sale, '0.00', '0.00', '20.00')
  })

  test('that is planned before it: the shop owes it', async () => {
    const sale = await makeReleased()
    expect(await db.interleave(plan, refund(sale))).toBe('done')
    await expectBalance(sale, '0.00', '-3.00', '23.00')
  })

  test.each([
    ['paid', '-3.00'],
    ['failed', '20.00'],
    ['returned', '20.00'],
  ])('that is %s at that moment, in either order', async (outcome, available) => {
    for (const is_first of [true, false]) {
      const { sale, payout_id } = await makePlanned()
      const [settling, refunding] = [settle(payout_id, outcome), refund(sale)]
      const late = is_first ? db.interleave(settling, refunding) : db.interleave(refunding, settling)
      expect(await late).toBe('done')
      await expectBalance(sale, '0.00', available, '0.00')
    }
  })
})

describe('of two outcomes of a payout', () => {
  test.each([
    ['paid', 'failed', '0.00'],
    ['failed', 'paid', '23.00'],
  ])('%s and then %s, the first one counts', async (early, late, available) => {
    const { sale, payout_id } = await makePlanned()
    expect(await db.interleave(settle(payout_id, early), settle(payout_id, late))).toBe('done')
    await expectBalance(sale, '0.00', available, '0.00')
  })

  test('20 at once: one counts, and no money is there twice', async () => {
    const { sale, payout_id } = await makePlanned()
    const outcomes = ['sent', 'unknown', 'paid', 'failed']
    const settled = await race(rivals, ({ sql }, n) => settle(payout_id, outcomes[n % 4] as string)(sql))
    expect(tally(settled)).toEqual({ done: PLANNERS })
    const status = await db.value<string>`select status from payouts where id = ${payout_id}`
    expect(['paid', 'failed']).toContain(status)
    await expectBalance(sale, '0.00', status === 'paid' ? '0.00' : '23.00', '0.00')
  })
})

test('of two adjustments with one key, one counts, and both callers receive it', async () => {
  const shop_id = await db.makeShop()
  const key = unique('key')
  const twice = await race(
    rivals,
    async ({ sql }) =>
      (await sql<{ id: number }[]>`select adjust_balance(${shop_id}, 2.50, 'a gift', null, ${key}) as id`)[0]?.id,
  )
  expect(new Set(twice).size).toBe(1)
  await expectBalance({ shop_id }, '0.00', '2.50', '0.00')
})

test('sales, refunds, disputes, releases, payouts and outcomes of the same shops at once never deadlock', async () => {
  const shops: { shop_id: number; seller_id: number }[] = []
  for (let n = 0; n < 3; n++) {
    const seller_id = await db.makeUser()
    shops.push({ seller_id, shop_id: await db.makeShop({ owner_id: seller_id }) })
  }
  const sales: Paid[] = []
  for (let n = 0; n < 30; n++) {
    sales.push(await makePaid(db.sql, shops[n % 3]))
  }
  const outcomes = await race(rivals, async ({ sql }, n) => {
    const seen: string[] = []
    for (let round = 0; round < 15; round++) {
      const sale = sales[(n * 7 + round * 11) % sales.length] as Paid
      const { order_id, seller_id } = sale
      if (n % 5 === 0) seen.push(await outcomeOf(sql`select from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`))
      if (n % 5 === 1) seen.push(await refund(sale, '0.37')(sql))
      if (n % 5 === 2) for (const outcome of ['open', round % 2 ? 'won' : 'lost']) seen.push(await dispute(sale, outcome)(sql))
      if (n % 5 === 3) seen.push(await release(sql), await plan(sql))
      if (n % 5 === 4)
        for (const { id } of await sql<{ id: number }[]>`select id from payouts order by id desc limit 3`)
          seen.push(await settle(id, ['sent', 'paid', 'failed', 'returned'][round % 4] as string)(sql))
    }
    return seen
  })
  const { done, ...refused } = tally(outcomes.flat())
  expect(done).toBeGreaterThan(100)
  expect(Object.keys(refused).filter((code) => !['SWSTA', 'SWDSP', 'SWRFX'].includes(code))).toEqual([])
  expect(await findWrongLedger(db.sql)).toEqual([])
  expect(await countDeadlocks(rivals)).toBe(0)
})
