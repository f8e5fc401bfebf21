import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { migrate } from '../../src/deploy/migrate.ts'
import type { Pool } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { openRivals, type Rival, untilBlocked } from '../../test/support/races.ts'
import { requires } from '../../test/support/requirements.ts'
import { openPostgres15, type Postgres15, runPostgres15 } from '../../test/support/stores/postgres_15.ts'
import { testDatabase } from './test_database.ts'

const names = [...new Glob('*.sql').scanSync(join(projectRoot, 'db', 'ops'))].sort()
const textOf = (name: string) => readFileSync(join(projectRoot, 'db', 'ops', name), 'utf8')

const db = await testDatabase()
await db.sql`create extension pg_stat_statements`

/** Runs a file as stallwright_readonly and returns its rows. */
function ask(name: string, sql: Pool = db.sql): Promise<Record<string, unknown>[]> {
  return sql.begin('read only', async (tx) => [...(await tx.unsafe(textOf(`${name}.sql`)))].flat())
}

async function hasStatementCounters(): Promise<boolean> {
  const [row] = await db.sql`select current_setting('shared_preload_libraries') ~ 'pg_stat_statements' as has`
  return row?.has
}

describe('each query of db/ops', () => {
  test.each(names)('%s describes its question and the normal result, and is one read-only statement', (name) => {
    const [comment = '', ...statements] = textOf(name).split(/^(?=with|select)/m)
    expect(comment).toMatch(/^-- [\s\S]*\n-- (Normal: |Needs )/)
    expect(statements.join('').match(/;/g)).toEqual([';'])
  })

  test.each(names.filter((name) => name !== 'slow_statements.sql'))('%s returns its rows', async (name) => {
    expect(await ask(name.replace('.sql', ''))).toBeArray()
  })

  test('slow_statements.sql names the time limits of a call', () => {
    const service = readFileSync(join(projectRoot, 'src', 'service.ts'), 'utf8')
    const [, timeout_ms] = /const STATEMENT_TIMEOUT_MS = (\d+)/.exec(service) ?? []
    expect(textOf('slow_statements.sql')).toContain(`limits a statement to ${Number(timeout_ms) / 1000} s (`)
  })

  test('slow_statements.sql works with pg_stat_statements, and otherwise names the missing part', async () => {
    if (await hasStatementCounters()) {
      await db.sql`select 'a statement that was run' as what`
      expect((await ask('slow_statements')).map((row) => row.statement)).toContain('select $1 as what')
    } else await expect(ask('slow_statements')).rejects.toThrow('shared_preload_libraries')
  })
})

test('slow_statements.sql describes how to install the missing extension', async () => {
  const asked = db.sql.begin(async (tx) => {
    await tx`drop extension pg_stat_statements`
    await tx.unsafe(textOf('slow_statements.sql'))
  })
  await expect(asked).rejects.toThrow('This database lacks the extension pg_stat_statements.')
})

describe('the result of', () => {
  test('stuck_payments: only a checkout that has been pending for long, with the state of its job', async () => {
    const stuck = await db.makeSale({ outcome: null })
    await db.makeSale({ outcome: null })
    await db.makeSale()
    await db.sql`update checkouts set created_at = now() - interval '2 minutes' where id = ${stuck.checkout_id}`
    await db.sql`select enqueue_job('settle_checkout', jsonb_build_object('checkout_id', ${stuck.checkout_id}::bigint))`
    await db.sql`update pgboss.job set state = 'retry', output = '{"message": "no response"}' where name = 'settle_checkout'`
    const rows = await ask('stuck_payments')
    expect(rows).toMatchObject([{ what: 'checkout', checkout_id: stuck.checkout_id, job_state: 'retry', job_tries: 0 }])
  })

  test('stuck_payments: a refund that was never made', async () => {
    const sale = await db.makeSale()
    await db.sql`select cancel_order(${sale.order_id}, ${sale.buyer_id})`
    const known = await ask('stuck_payments')
    await db.sql`update refunds set created_at = now() - interval '1 hour' where order_id = ${sale.order_id}`
    const fresh = (await ask('stuck_payments')).filter((row) => !known.some((old) => old.what === row.what))
    expect(fresh).toMatchObject([{ what: `refund of order ${sale.order_id}`, job_state: 'created' }])
  })

  test('failed_refunds: until a later refund covers the amount', async () => {
    const sale = await db.makeSale()
    const refund = async (amount: string) => {
      await db.sql`
        select * from refund_part(
          ${sale.order_id}, ${sale.seller_id}, ${amount}::text::numeric, null, null, null, 'goodwill', null)`
      return db.value<number>`select max(id) from refunds where order_id = ${sale.order_id}`
    }
    await db.sql`select settle_refund(${await refund('5.00')}, 'failed', 're_1', 'lost_card')`
    const own = async () => (await ask('failed_refunds')).filter(({ order_id }) => order_id === sale.order_id)
    expect(await own()).toMatchObject([{ what: 'refund', amount: '5.00', failure_reason: 'lost_card', refund_reference: 're_1' }])
    await refund('4.99')
    expect(await own()).toMatchObject([{ amount: '0.01' }])
    await refund('0.01')
    expect(await own()).toEqual([])
  })

  test.each([
    ['each failed refund is owed', ['5.00', '5.00', 'fails', 'fails', '5.00'], ['5.00']],
    ['a refund that fails again is owed once', ['5.00', 'fails', '5.00', 'fails'], ['5.00']],
    ['a refund from before the failure takes no place', ['5.00', '7.00', 'fails'], ['5.00']],
    ['one refund for two', ['5.00', '5.00', 'fails', 'fails', '10.00'], []],
    ['at most what is left', ['5.00', '5.00', '13.00', 'fails', 'fails', '6.00'], ['4.00']],
    ['for good', ['5.00', 'fails', 'a year'], ['5.00']],
  ] as const)('failed_refunds: %s', async (_, steps, owed) => {
    const sale = await db.makeSale()
    let failed = 0
    for (const step of steps) {
      if (step === 'fails') {
        const [refund] = await db.sql`
          select id from refunds where order_id = ${sale.order_id} and status <> 'failed' order by id limit 1`
        await db.sql`select settle_refund(${refund?.id}, 'failed', ${`re_${++failed}`}, 'lost_card')`
      } else if (step === 'a year') {
        await db.sql`alter table refunds disable trigger user`
        await db.sql`
          update refunds set created_at = created_at - interval '1 year', updated_at = updated_at - interval '1 year'
          where order_id = ${sale.order_id}`
        await db.sql`alter table refunds enable trigger user`
      } else
        await db.sql`
          select * from refund_part(${sale.order_id}, ${sale.seller_id}, ${step}::text::numeric, null, null, null, 'other', null)`
    }
    const own = (await ask('failed_refunds')).filter(({ order_id }) => order_id === sale.order_id)
    expect(own.map(({ amount }) => amount)).toEqual([...owed])
  })

  test('failed_refunds: a late charge', async () => {
    const { checkout_id } = await db.makeSale({ outcome: null })
    await db.sql`select settle_checkout(${checkout_id}, 'declined')`
    await db.sql`select settle_checkout(${checkout_id}, 'paid', 'simulated', 'ref-1')`
    await db.sql`select settle_late_charge(${checkout_id}, ${`late_${checkout_id}`}, 'failed', 're_1', 'lost_card')`
    const own = (await ask('failed_refunds')).filter((row) => row.checkout_id === checkout_id)
    expect(own).toMatchObject([{ what: 'late charge', order_id: null, failure_reason: 'lost_card' }])
  })

  test('stuck_payouts: an open payout that should have moved on', async () => {
    const shop_id = await db.makeShop()
    await db.sql`select adjust_balance(${shop_id}, 30, 'a gift')`
    const payout_id = await db.value<number>`select id from plan_payout(${shop_id})`
    const own = async () => (await ask('stuck_payouts')).filter((row) => row.payout_id === payout_id)
    /** No trigger notices that time has passed. */
    const waitDays = (days: number) =>
      db.sql.begin(async (tx) => {
        await tx`set local session_replication_role = replica`
        await tx`update payouts set created_at = now() - make_interval(days => ${days}) where id = ${payout_id}`
      })
    await waitDays(6)
    expect(await own()).toEqual([])
    await waitDays(8)
    // Nobody can pay a shop without a bank account.
    expect(await own()).toEqual([])
    await db.sql`
      insert into payout_accounts (shop_id, provider, country, holder_name, iban, status)
      values (${shop_id}, 'manual', 'DE', 'Ann', 'DE89370400440532013000', 'active')`
    expect(await own()).toMatchObject([{ shop_id, provider: 'manual', status: 'planned', amount: '30.00' }])
    await db.sql`select settle_payout(${payout_id}, 'sent')`
    expect(await own()).toEqual([])
    await waitDays(11)
    // A question to the provider changes nothing.
    await db.sql`update payouts set updated_at = now() where id = ${payout_id}`
    expect(await own()).toHaveLength(1)
    await db.sql`select settle_payout(${payout_id}, 'paid')`
    expect(await own()).toEqual([])
  })

  test('ledger_equation: a balance that its entries did not write', async () => {
    const shop_id = await db.makeShop()
    await db.sql`select adjust_balance(${shop_id}, 30, 'a gift')`
    expect(await ask('ledger_equation')).toEqual([])
    await db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`update shop_balances set available = available + 1 where shop_id = ${shop_id}`
    })
    expect(await ask('ledger_equation')).toMatchObject([
      { what: 'balance of a shop: seller_available', id: shop_id, expected: '30.00', actual: '31.00' },
      { what: 'transfers in no payout', id: shop_id, expected: '31.00', actual: '30.00' },
    ])
    await db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`update shop_balances set available = available - 1 where shop_id = ${shop_id}`
    })
  })

  test('unsent_mails: one that has been pending for long, with the state of its job, and one that was rejected', async () => {
    const person = await db.makeUser()
    const write = async (kind: string) => {
      await db.sql`select write_mail(${kind}, ${person})`
      return db.value<number>`select max(id) from mails where user_id = ${person}`
    }
    const [stuck, rejected, sent] = [await write('verify_email'), await write('email_changed'), await write('password_changed')]
    await write('second_factor_added')
    await db.sql`select finish_mail(${rejected}, 'rejected', '552 mailbox full'), finish_mail(${sent}, 'sent')`
    await db.sql`update mails set created_at = now() - interval '6 minutes' where id in (${stuck}, ${rejected}, ${sent})`
    expect((await ask('unsent_mails')).filter(({ user_id }) => user_id === person)).toMatchObject([
      { status: 'pending', id: stuck, kind: 'verify_email', job_state: 'created', job_tries: 0 },
      { status: 'rejected', id: rejected, kind: 'email_changed', job_state: null },
    ])
  })

  test('disputes: an open one with the orders of its payment', async () => {
    const sale = await db.makeSale()
    await db.sql`update payments set provider = 'simulated', provider_reference = 'ch-ops' where checkout_id = ${sale.checkout_id}`
    await db.sql`select apply_dispute_event('simulated', 'e-ops', 'ch-ops', 'dp-ops', 23, 'usd', 'open', 'fraudulent')`
    const own = (await ask('disputes')).filter((row) => row.dispute_reference === 'dp-ops')
    expect(own).toMatchObject([{ status: 'open', amount: '23.00', reason: 'fraudulent', order_ids: [sale.order_id] }])
  })

  test('held_stock: live and lapsed holds', async () => {
    const [buyer, live, lapsed] = [await db.makeUser(), await db.makeProduct(), await db.makeProduct()]
    await db.sql`select reserve_item(${buyer}, ${live}, 1)`
    await db.sql`select reserve_item(${buyer}, ${lapsed}, 1)`
    await db.sql`update cart_items set reserved_until = now() - interval '1 minute' where product_id = ${lapsed}`
    const rows = (await ask('held_stock')).filter((row) => row.held_by === buyer)
    expect(rows).toMatchObject([
      { product_id: lapsed, hold: 'lapsed', on_hand: 1 },
      { product_id: live, hold: 'live', on_hand: 1 },
    ])
  })

  test('stock_equation: a sale and its cancellation move stock, and leave the sum', async () => {
    const sale = await db.makeSale()
    const row = async () => (await ask('stock_equation')).find((one) => one.product_id === sale.product_id)
    expect(await row()).toMatchObject({ on_hand: 3, in_orders: 2, ever: 5, held_live: 0 })
    await db.sql`select cancel_order(${sale.order_id}, ${sale.buyer_id})`
    expect(await row()).toMatchObject({ on_hand: 5, in_orders: 0, ever: 5 })
  })

  test('stock_equation: each variant with a stock of its own, also when it is archived', async () => {
    const product = await db.makeProduct()
    const [s, m] = await db.makeVariants(product, [
      { option_values: ['S'], quantity: 3 },
      { option_values: ['M'], quantity: 2 },
    ])
    const [buyer] = await db.makeUsers(1)
    await db.sql`select reserve_item(${buyer}, ${product}, 2, ${s as number})`
    const [{ order_id, checkout_id }] = await db.splitOrders(buyer)
    await db.settleCheckout(checkout_id, 'paid')
    const rows = async () => (await ask('stock_equation')).filter((one) => one.product_id === product)
    expect(await rows()).toMatchObject([
      { variant_id: s, on_hand: 1, in_orders: 2, ever: 3, is_sum: true },
      { variant_id: m, on_hand: 2, in_orders: 0, ever: 2, is_sum: true },
    ])
    await db.sql`update variants set archived_at = now() where id = ${s as number}`
    await db.sql`select cancel_order(${order_id}, ${buyer})`
    expect(await rows()).toMatchObject([{ variant_id: s, on_hand: 3, in_orders: 0, ever: 3, is_sum: true }, { ever: 2 }])
    // Past the trigger that refuses it, as a restored backup can be.
    await db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`update products set quantity = 9 where id = ${product}`
    })
    expect(await rows()).toMatchObject([{ is_sum: false }, { is_sum: false }])
  })

  test('stock_equation: a cancellation after a change of stock_by, and after the last variant is archived', async () => {
    const product = await db.makeProduct({ quantity: 5 })
    const [s, m] = (await db.makeVariants(product, [{ option_values: ['S'] }, { option_values: ['M'] }])) as [number, number]
    const seller = await db.value<number>`
      select s.owner_id from products p join shops s on s.id = p.shop_id where p.id = ${product}`
    const rows = async () => (await ask('stock_equation')).filter((one) => one.product_id === product)
    const buy = async (variant_id: number) => {
      const [buyer] = await db.makeUsers(1)
      await db.sql`select reserve_item(${buyer}, ${product}, 2, ${variant_id})`
      const [{ order_id, checkout_id }] = await db.splitOrders(buyer)
      await db.settleCheckout(checkout_id, 'paid')
      return () => db.sql`select cancel_order(${order_id}, ${buyer})`
    }
    const change = (changes: object) => db.sql`select update_product(${product}, ${seller}, ${db.sql.json(changes as never)})`
    const cancelShared = await buy(s)
    const variant_quantities = [
      { variant_id: s, quantity: 1 },
      { variant_id: m, quantity: 4 },
    ]
    await change({ stock_by: 'variant', variant_quantities })
    const bought = { variant_id: s, on_hand: 1, in_orders: 2, ever: 3 }
    expect(await rows()).toMatchObject([bought, { variant_id: m, on_hand: 4, in_orders: 0, ever: 4 }])
    await cancelShared()
    expect(await rows()).toMatchObject([{ on_hand: 3, in_orders: 0, ever: 3 }, { ever: 4 }])

    const cancelOwn = await buy(m)
    await change({ stock_by: 'product' })
    expect(await rows()).toMatchObject([{ variant_id: null, on_hand: 5, in_orders: 2, ever: 7 }])
    await cancelOwn()
    expect(await rows()).toMatchObject([{ variant_id: null, on_hand: 7, in_orders: 0, ever: 7 }])

    await change({ stock_by: 'variant', variant_quantities })
    const cancelLate = await buy(m)
    for (const id of [s, m]) await db.sql`select archive_variant(${id}, ${seller})`
    expect(await rows()).toMatchObject([{ variant_id: null, on_hand: 2, in_orders: 2, ever: 4 }])
    await cancelLate()
    expect(await rows()).toMatchObject([{ variant_id: null, on_hand: 4, in_orders: 0, ever: 4 }])
  })

  test('lock_waits: the waiting session and its blocker', async () => {
    const product_id = await db.makeProduct()
    const rivals = await openRivals(db.url, 2)
    const [holder, waiter] = rivals.all as [Rival, Rival]
    try {
      await holder.sql`begin`
      await holder.sql`update products set title = 'held' where id = ${product_id}`
      const waiting = waiter.sql`update products set title = 'late' where id = ${product_id}`.execute()
      await untilBlocked(db.sql, waiter)
      // Tests of other databases wait on the same server.
      const waits = (await ask('lock_waits')).filter(({ waiting_pid }) => waiting_pid === waiter.pid)
      expect(waits).toMatchObject([{ blocking_pid: holder.pid, blocker_is_head: true }])
      const open = (await ask('oldest_transactions')).find((row) => row.id === String(holder.pid))
      expect(open).toMatchObject({ state: 'idle in transaction' })
      await holder.sql`commit`
      await waiting
    } finally {
      await rivals.close()
    }
  })

  test('outbox_lag: changes that the relay has not handled', async () => {
    const [before] = await ask('outbox_lag')
    await db.makeProduct()
    const [after] = await ask('outbox_lag')
    expect(Number(after?.waiting)).toBeGreaterThan(Number(before?.waiting))
    expect(after?.oldest).not.toBeNull()
  })

  test('dead_jobs and waiting_jobs: a job that failed for good, and one that is due', async () => {
    await db.sql`select enqueue_job('send_mails', '{"order_id": 7}')`
    await db.sql`
      insert into pgboss.job (name, data, source_name, source_output)
      values ('dead_letters', '{"order_id": 6}', 'send_mails', '{"message": "mailbox full"}')`
    expect(await ask('dead_jobs')).toMatchObject([{ queue: 'send_mails', tries: 0 }])
    const queue = (await ask('waiting_jobs')).find((row) => row.queue === 'send_mails')
    expect(Number(queue?.due)).toBeGreaterThan(0)
  })

  test('pool_use: the connections of this test, by the name of their pool', async () => {
    const [row] = await db.sql`select current_setting('application_name') as name`
    const pool = (await ask('pool_use')).find(({ application }) => application === row?.name)
    expect(Number(pool?.connections)).toBeGreaterThan(0)
  })
})

if (requires('postgresql-15'))
  describe('with psql on PostgreSQL 15', () => {
    let server: Postgres15
    beforeAll(async () => {
      server = await openPostgres15()
      await migrate(server.url)
      await runPostgres15('psql', '--quiet', '--command=create extension pg_stat_statements', server.url)
    }, 60_000)
    afterAll(() => server.stop())

    test.each(names)('%s returns its rows', async (name) => {
      const printed = await runPostgres15('psql', '--no-psqlrc', '--set=ON_ERROR_STOP=1', `--command=${textOf(name)}`, server.url)
      expect(printed).toMatch(/\(\d+ rows?\)/)
    })
  })
