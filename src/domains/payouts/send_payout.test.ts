/** Payouts against the simulated provider in its own process, and the ledger against its books. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { testDatabase } from '../../../db/test/test_database.ts'
import { findWrongLedger } from '../../../test/support/ledger.ts'
import { refusalOf } from '../../../test/support/refusals.ts'
import { eventually } from '../../../test/support/shopper.ts'
import { findFreePort, type SimulatedPayments, startSimulatedPayments } from '../../../test/support/simulated_payments.ts'
import { createMetrics } from '../../platform/metrics/metrics.ts'
import { applyEvent } from '../payments/apply_event.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import { openActionPages } from '../payments/simulated_actions.ts'
import { openSimulatedClient } from '../payments/simulated_client.ts'
import { NotSent, type PayoutEvent, type SimulatedMode } from './provider.ts'
import { reconcilePayouts } from './reconcile_payouts.ts'
import { sendOnce } from './send_payout.ts'

const db = await testDatabase()
const log = pino({ level: 'silent' })

let folder: string
let port: number
let server: SimulatedPayments
let provider: PaymentProvider
const start = async () => {
  server = await startSimulatedPayments({ log: join(folder, 'log.jsonl'), port })
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'payouts-'))
  port = await findFreePort()
  await start()
  provider = openSimulatedClient(server.url, [], openActionPages(new Uint8Array(), 'http://localhost'))
})
afterAll(async () => {
  await server.kill()
  rmSync(folder, { recursive: true })
})

beforeEach(async () => {
  await db.sql`
    insert into settings (name, value)
    values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '1'), ('PAYOUT_PROVIDER', 'simulated')
    on conflict (name) do update set value = excluded.value`
})

type Seller = { shop_id: number; seller_id: number }
/** A paid sale of 23.00 whose earnings are available. */
async function makeReleased(shop?: Seller) {
  const sale = await db.makeSale({ outcome: null, ...(shop ? { shop } : {}) })
  const order = { checkout_id: sale.checkout_id, amount: '23.00', method: 'pm_card_visa' }
  const { reference } = await provider.charge(order, AbortSignal.timeout(10_000))
  await db.sql`select settle_checkout(${sale.checkout_id}, 'paid', 'simulated', ${reference})`
  await db.sql`select from ship_order(${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z')`
  await db.sql`select release_earnings()`
  return sale
}

const onboard = ({ shop_id, seller_id }: Seller, mode: SimulatedMode = 'active') =>
  db.sql.begin(async (tx) => {
    await tx`select from open_payout_account(${shop_id}, ${seller_id})`
    const state = await provider.payouts.onboarding?.complete(
      { shop_id, reference: null, country: 'US' },
      mode,
      AbortSignal.timeout(1000),
    )
    // A provider that restricts an account later has had it active.
    await tx`select settle_payout_account(${shop_id}, 'simulated', ${state?.reference ?? ''}, 'active')`
  })

async function plan({ shop_id }: Seller): Promise<number> {
  await db.sql`select * from plan_payout(${shop_id})`
  return db.value<number>`select max(id) from payouts where shop_id = ${shop_id}`
}
async function makePlanned(mode?: SimulatedMode) {
  const sale = await makeReleased()
  await onboard(sale, mode)
  return { ...sale, payout_id: await plan(sale) }
}
const send = (payout_id: number, timeout_ms = 10_000) => sendOnce(payout_id, db.sql, provider.payouts, timeout_ms)
const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: Error) => error)
const show = async (payout_id: number) =>
  (
    await db.rows`
      select p.status, p.provider_reference, p.failure_reason,
        (select array_agg(t.status order by t.id) from payout_items i join transfers t on t.id = i.transfer_id where i.payout_id = p.id)
          as transfers
      from payouts p where p.id = ${payout_id}`
  )[0]
const balanceOf = async ({ shop_id }: Seller) =>
  (await db.rows`select pending, available, in_transit from shop_balances where shop_id = ${shop_id}`)[0]
const refund = ({ order_id, seller_id }: Seller & { order_id: number }, amount: string) =>
  db.sql`select from refund_part(${order_id}, ${seller_id}, ${amount}, null, null, null, 'goodwill', null)`
/** Lets the provider make the refunds that the ledger has booked. */
async function makeRefunds(): Promise<void> {
  const owed = await db.rows<{ id: number; reference: string; amount: string }>`
    select r.id, p.provider_reference as reference, r.amount::text from refunds r join payments p on p.id = r.payment_id
    where r.status = 'pending'`
  for (const { id, ...order } of owed) {
    await provider.refund({ key: `refund_${id}`, ...order }, AbortSignal.timeout(10_000))
    await db.sql`select from settle_refund(${id}, 'refunded', ${`re_${id}`}, null)`
  }
}

/** The ledger adds up, and its provider account is what the provider's books say. */
afterEach(async () => {
  expect(await findWrongLedger(db.sql)).toEqual([])
  await makeRefunds()
  const { captured, refunded, lost, paid_out, returned } = await server.count()
  const [account] = await db.rows`
    select -coalesce(sum(amount), 0) = ${captured}::text::numeric - ${refunded}::text::numeric - ${lost}::text::numeric
      - ${paid_out}::text::numeric + ${returned}::text::numeric as is_equal
    from ledger_entries where account = 'provider'`
  expect(account).toEqual({ is_equal: true })
})

describe('a payout', () => {
  test('waits while payouts are paused', async () => {
    const { payout_id } = await makePlanned()
    await db.sql`insert into settings (name, value) values ('PAYOUTS_PAUSED', 'true')`
    await send(payout_id)
    expect(await show(payout_id)).toMatchObject({ status: 'planned', transfers: ['planned'] })
    await db.sql`delete from settings where name = 'PAYOUTS_PAUSED'`
    await send(payout_id)
    expect(await show(payout_id)).toMatchObject({ status: 'paid', transfers: ['done'] })
  })

  test('is transferred and paid once, also if it is sent by many at once and after a kill', async () => {
    const { payout_id, ...sale } = await makePlanned()
    await Promise.all(Array.from({ length: 5 }, () => send(payout_id)))
    expect(await show(payout_id)).toMatchObject({
      status: 'paid',
      transfers: ['done'],
      provider_reference: `po_payout_${payout_id}`,
    })
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '0.00', in_transit: '0.00' })
    await server.kill()
    await start()
    await db.sql`select from settle_payout(${payout_id}, 'paid')`
    await send(payout_id)
    const { payouts, accounts } = await server.count()
    expect(payouts[`payout_${payout_id}`]).toEqual({ count: 1, amount: '23.00' })
    expect(accounts[`acct_${sale.shop_id}`]).toEqual({
      transferred: '23.00',
      reversed: '0.00',
      paid_out: '23.00',
      returned: '0.00',
    })
  })

  test('whose answers a kill of the worker loses is not made again', async () => {
    const { payout_id, shop_id } = await makePlanned()
    const lost = { ...provider.payouts, pay: async () => Promise.reject(new Error('killed')) }
    await thrown(sendOnce(payout_id, db.sql, { ...lost, findTransfer: async () => null, findPayout: async () => null }))
    await db.sql`update transfers set status = 'planned', provider_reference = null where payout_id = ${payout_id}`
    await send(payout_id)
    expect(await show(payout_id)).toMatchObject({ status: 'paid', transfers: ['done'] })
    expect((await server.count()).accounts[`acct_${shop_id}`]).toMatchObject({ transferred: '23.00', paid_out: '23.00' })
  })

  test('nets a refund that came after the last one, by a reversal of that transfer', async () => {
    const { payout_id, ...sale } = await makePlanned()
    await send(payout_id)
    await refund(sale, '3.00')
    await makeReleased(sale)
    const next = await plan(sale)
    await send(next)
    expect(await show(next)).toMatchObject({ status: 'paid', transfers: ['done', 'done'] })
    expect((await server.count()).accounts[`acct_${sale.shop_id}`]).toEqual({
      transferred: '46.00',
      reversed: '3.00',
      paid_out: '43.00',
      returned: '0.00',
    })
  })

  test('is in the lasting books of the provider, with its transfers and reversals', async () => {
    const { payout_id, ...sale } = await makePlanned()
    await send(payout_id)
    await refund(sale, '3.00')
    await makeReleased(sale)
    await send(await plan(sale))
    await server.kill()
    await start()
    const list = async (since: Date) =>
      (await provider.payouts.listBooks?.({ since, accounts: [] }, AbortSignal.timeout(10_000))) ?? []
    const made = await db.rows`
      select case when amount > 0 then 'transfer' else 'reversal' end as what, provider_reference as reference,
        abs(amount)::text as amount
      from transfers where shop_id = ${sale.shop_id}
      union all select 'payout', provider_reference, amount::text from payouts where shop_id = ${sale.shop_id}`
    const listed = await list(new Date(Date.now() - 3_600_000))
    expect(made).toHaveLength(5)
    for (const entry of made)
      expect(listed).toContainEqual({ ...entry, created_at: expect.stringMatching(/^\d{4}-.*Z$/) } as never)
    expect(await list(new Date(Date.now() + 3_600_000))).toEqual([])
  })

  test('goes out although the provider refuses a reversal, lower by it', async () => {
    const { payout_id, ...sale } = await makePlanned()
    await send(payout_id)
    await refund(sale, '3.00')
    await makeReleased(sale)
    const next = await plan(sale)
    await db.sql`
      update transfers set provider_reference = 'tr_gone/acct_0' where payout_id = ${payout_id} and amount > 0`
    await send(next)
    expect(await show(next)).toMatchObject({ status: 'paid', transfers: ['failed', 'done'] })
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '0.00', in_transit: '0.00' })
    expect((await server.count()).accounts[`acct_${sale.shop_id}`]).toMatchObject({ reversed: '0.00', paid_out: '43.00' })
  })

  test('without an answer is unknown, keeps its money claimed, and ends as the provider says', async () => {
    const { payout_id, ...sale } = await makePlanned('times_out')
    expect((await thrown(send(payout_id, 200)))?.name).toBe('TimeoutError')
    expect(await show(payout_id)).toMatchObject({ status: 'planned', transfers: ['unknown'] })
    expect((await thrown(send(payout_id, 200)))?.name).toBe('TimeoutError')
    expect(await show(payout_id)).toMatchObject({ status: 'unknown', transfers: ['done'] })
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '0.00', in_transit: '23.00' })
    // The provider has paid, and the ledger cannot know it yet.
    await send(payout_id, 200)
    expect(await show(payout_id)).toMatchObject({ status: 'paid' })
    expect((await server.count()).payouts[`payout_${payout_id}`]).toEqual({ count: 1, amount: '23.00' })
  })

  test('of an account without funds fails, is available again, and the next one transfers nothing twice', async () => {
    const { payout_id, ...sale } = await makePlanned('no_funds')
    await send(payout_id)
    expect(await show(payout_id)).toMatchObject({ status: 'failed', transfers: ['done'] })
    expect((await show(payout_id))?.failure_reason).toContain('has no funds')
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '23.00', in_transit: '0.00' })
    await onboard(sale)
    // An operator would pay the money a second time, because it is in the account at the provider.
    await db.sql`update settings set value = 'manual' where name = 'PAYOUT_PROVIDER'`
    const next = await plan(sale)
    await send(next)
    expect(await show(next)).toMatchObject({ status: 'paid' })
    expect((await server.count()).accounts[`acct_${sale.shop_id}`]).toMatchObject({ transferred: '23.00', paid_out: '23.00' })
  })

  test('of a restricted account moves nothing', async () => {
    const { payout_id, ...sale } = await makePlanned('restricted')
    await send(payout_id)
    expect(await show(payout_id)).toMatchObject({ status: 'failed', transfers: ['failed'] })
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '23.00', in_transit: '0.00' })
    await onboard(sale)
    const next = await plan(sale)
    await send(next)
    expect(await show(next)).toMatchObject({ status: 'paid', transfers: ['done'] })
  })

  test('that the bank returns is available again', async () => {
    const { payout_id, ...sale } = await makePlanned('returns_payout')
    await send(payout_id)
    expect(await show(payout_id)).toMatchObject({ status: 'paid' })
    const list = () => provider.listFollowUps({ days: 1 }, AbortSignal.timeout(10_000))
    const isReturned = (event: { kind: string }) => event.kind === 'payout'
    const events = await eventually(10_000, list, (listed) => listed.some(isReturned))
    for (const event of [...events.filter(isReturned), ...events.filter(isReturned)])
      await applyEvent('simulated', event, { sql: db.sql, log, metrics: createMetrics() })
    expect(await show(payout_id)).toMatchObject({ status: 'returned', failure_reason: 'account_closed' })
    expect(await balanceOf(sale)).toEqual({ pending: '0.00', available: '23.00', in_transit: '0.00' })
  })

  const report = (payout_id: number, changes: Partial<PayoutEvent>) => {
    const event_id = crypto.randomUUID()
    const state = { outcome: 'paid', amount: '23.00', currency: 'usd', provider_reference: `po_payout_${payout_id}` } as const
    const event = { kind: 'payout', event_id, payout_id, failure_reason: null, ...state, ...changes } as const
    const errors: unknown[] = []
    const context = { sql: db.sql, metrics: createMetrics(), log: { error: (about: unknown) => errors.push(about) } as never }
    return applyEvent('simulated', event, context).then(() => errors.map((error) => (error as { problem: string }).problem))
  }

  test.each([
    ['an amount', { amount: '22.00' }, 'amount_differs'],
    ['a currency', { currency: 'eur' }, 'amount_differs'],
    ['a second id', { provider_reference: 'po_other' }, 'reference_differs'],
  ])('of which an event tells %s that differs is a problem, and no further one is planned', async (_, changes, problem) => {
    const { payout_id, ...sale } = await makePlanned()
    await send(payout_id)
    expect(await report(payout_id, changes)).toEqual([problem])
    await makeReleased(sale)
    expect(await refusalOf(db.sql`select from plan_payout(${sale.shop_id})`)).toMatchObject({ code: 'SWPHL' })
    await db.sql`update payouts set problem = null where id = ${payout_id}`
    await plan(sale)
  })

  test('that failed and is paid after all is a problem, and its money is not planned again', async () => {
    const { payout_id, ...sale } = await makePlanned('restricted')
    await send(payout_id)
    expect(await report(payout_id, {})).toEqual(['paid_after_failed'])
    await db.sql`select plan_payouts()`
    expect(await db.value<number>`select count(*)::int from payouts where shop_id = ${sale.shop_id}`).toBe(1)
    expect(await refusalOf(db.sql`select from plan_payout(${sale.shop_id})`)).toMatchObject({ code: 'SWPHL' })
    const isStuck = db.value<boolean>`
      select is_stuck_payout(p.status, p.provider, p.shop_id, p.created_at, p.problem) from payouts p where id = ${payout_id}`
    expect(await isStuck).toBe(true)
    await db.sql`update payouts set problem = null where id = ${payout_id}`
  })

  test('stays planned while the provider does not listen', async () => {
    const { payout_id } = await makePlanned()
    await server.stop()
    expect(await thrown(send(payout_id))).toBeInstanceOf(NotSent)
    expect(await show(payout_id)).toMatchObject({ status: 'planned', transfers: ['planned'] })
    await start()
    await send(payout_id)
    expect(await show(payout_id)).toMatchObject({ status: 'paid' })
  })

  test('of the provider manual waits for its operator', async () => {
    const sale = await makeReleased()
    await db.sql`update settings set value = 'manual' where name = 'PAYOUT_PROVIDER'`
    const payout_id = await plan(sale)
    expect(await show(payout_id)).toMatchObject({ status: 'planned', transfers: ['planned'] })
    const jobs = db.value<number>`select count(*)::int from pgboss.job where name = 'send_payout' and data @> ${{ payout_id }}`
    expect(await jobs).toBe(0)
  })

  test('of another provider is left to a process that is configured for it', async () => {
    const { payout_id } = await makePlanned()
    const other = { ...provider.payouts, name: 'stripe' }
    expect((await thrown(sendOnce(payout_id, db.sql, other)))?.message).toContain('configured for simulated')
    await send(payout_id)
  })
})

describe('reconcile_payouts', () => {
  const reconcile = () => reconcilePayouts({}, { sql: db.sql, log, payouts: provider.payouts } as never)
  const jobsOf = (payout_id: number) =>
    db.value<number>`
      select count(*)::int from pgboss.job where name = 'send_payout' and state = 'created' and data @> ${{ payout_id }}`
  const age = (payout_id: number, wait: string) =>
    db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`update payouts set updated_at = clock_timestamp() - ${wait}::text::interval where id = ${payout_id}`
    })

  test('looks at a payout that was sent once an hour', async () => {
    const { payout_id } = await makePlanned()
    await db.sql`select settle_payout(${payout_id}, 'sent')`
    await age(payout_id, '61 minutes')
    for (const expected of [1, 0]) {
      await db.sql`delete from pgboss.job where name = 'send_payout'`
      await reconcile()
      expect(await jobsOf(payout_id)).toBe(expected)
    }
    await db.sql`select settle_payout(${payout_id}, 'failed')`
  })

  test.each([
    ['planned', '31 seconds'],
    ['unknown', '31 seconds'],
  ])('enqueues a payout that is %s and has lost its job, once', async (status, wait) => {
    const { payout_id } = await makePlanned()
    if (status !== 'planned') await db.sql`select settle_payout(${payout_id}, ${status})`
    const forget = () => db.sql`delete from pgboss.job where name = 'send_payout'`
    await forget()
    await age(payout_id, '10 seconds')
    await reconcile()
    expect(await jobsOf(payout_id)).toBe(0)
    await age(payout_id, wait)
    await reconcile()
    await reconcile()
    expect(await jobsOf(payout_id)).toBe(1)
    await db.sql`select settle_payout(${payout_id}, 'failed')`
  })
})

describe('settle_transfer', () => {
  test('refuses an unknown transfer and an unknown outcome, and keeps what is done', async () => {
    expect(await refusalOf(db.sql`select settle_transfer(0, 'done')`)).toMatchObject({ code: 'SWNTF' })
    expect(await refusalOf(db.sql`select settle_transfer(0, 'paid')`)).toMatchObject({ code: 'SWINV' })
    const { payout_id } = await makePlanned()
    const id = await db.value<number>`select id from transfers where payout_id = ${payout_id}`
    for (const outcome of ['failed', 'unknown', 'done', 'failed', 'unknown'])
      await db.sql`select settle_transfer(${id}, ${outcome}, ${`tr_${outcome}`})`
    expect(await db.rows`select status, provider_reference from transfers where id = ${id}`).toEqual([
      { status: 'done', provider_reference: 'tr_done' },
    ])
  })
})
