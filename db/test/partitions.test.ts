import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { placeCheckout, putLine, type Sale } from '../../test/support/factory.ts'
import { runAndRollBack } from '../../test/support/hot_statements.ts'
import { openRivals, type Rival, untilBlocked } from '../../test/support/races.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

/** An old month, without a partition until this file creates it. */
const OLD = 202401
const OLD_IDS = OLD * 1_000_000_000

const db = await testDatabase()
for (const table of ['orders', 'order_items', 'order_events']) await db.sql`select create_partition(${table}, '2024-01-01')`
/** The suffix of this month's partitions. */
const now = await db.value<string>`select to_char(now() at time zone 'UTC', 'YYYYMM')`

const partitionsOf = (table: string) => db.value<string[]>`
  select array_agg(inhrelid::regclass::text order by 1) from pg_inherits where inhparent = ${table}::regclass`

/** Makes the n-th sale of the old month: paid, with its events. */
async function makeOldSale(n: number): Promise<Sale> {
  const sale = await db.makeSale()
  const id = OLD_IDS + n
  // Copies the rows, with the id and the time of the old month instead of their own.
  const copy = (table: string, columns: string, key: string, old: number) => `
    insert into ${table} (${columns})
    select ${columns.replace(/\bid\b|checkout_id|order_id/g, String(id)).replace('created_at', "'2024-01-15'")}
    from ${table} where ${key} = ${old} order by 1`
  await db.sql.begin(async (tx) => {
    // Disables the triggers that refuse a sale of another month.
    await tx`set local session_replication_role = 'replica'`
    const amounts = 'status, subtotal, shipping, total, created_at'
    await tx.unsafe(copy('checkouts', `id, buyer_id, shipping_address, ${amounts}`, 'id', sale.checkout_id))
    await tx.unsafe(copy('payments', 'checkout_id, method, amount, status', 'checkout_id', sale.checkout_id))
    await tx.unsafe(copy('orders', `id, checkout_id, buyer_id, shop_id, ${amounts}`, 'id', sale.order_id))
    const item = 'order_id, product_id, title, quantity, price_at_purchase'
    await tx.unsafe(copy('order_items', item, 'order_id', sale.order_id))
    await tx.unsafe(copy('order_events', 'order_id, status, actor_id, detail, created_at', 'order_id', sale.order_id))
  })
  return { ...sale, checkout_id: id, order_id: id }
}

describe('ids of checkouts and orders', () => {
  test('contain their month, and their rows are in its partitions', async () => {
    const sale = await db.makeSale()
    expect(String(sale.checkout_id)).toStartWith(now)
    expect(String(sale.order_id)).toStartWith(now)
    expect(String(sale.order_id)).toHaveLength(15)
    for (const [table, id] of Object.entries({ orders: 'id', order_items: 'order_id', order_events: 'order_id' })) {
      const text = `select distinct tableoid::regclass::text as name from ${table} where ${id} = $1`
      expect(Array.from(await db.sql.unsafe(text, [sale.order_id]), ({ name }) => name)).toEqual([`${table}_${now}`])
    }
  })

  test('continue with 1 after 999,999,999', async () => {
    const ids = await db.sql.begin(async (tx) => {
      await tx`select setval('orders_id_seq', 999999998)`
      const next = await tx<{ n: number }[]>`
        select next_dated_id('orders_id_seq') % 1000000000 as n from generate_series(1, 2)`
      // The orders of the next tests get numbers that no order has.
      await tx`select setval('orders_id_seq', 1000)`
      return next
    })
    expect(ids.map(({ n }) => Number(n))).toEqual([999_999_999, 1])
  })

  test('a time has a lowest and a highest id, by its month in UTC', async () => {
    const at = '2031-02-28T23:59:59-01:00'
    const ids = db.rows`
      select first_dated_id(${at})::text as first, last_dated_id(${at})::text as last, first_dated_id(null) as nothing`
    expect(await ids).toEqual([{ first: '203103000000000', last: '203103999999999', nothing: null }])
  })

  test('rejects an order with another month than its checkout or its creation', async () => {
    const sale = await db.makeSale()
    const insert = (id: number, made: string) =>
      db.sql.unsafe(
        `insert into orders (id, checkout_id, buyer_id, shop_id, subtotal, shipping, total, created_at)
         select $1, checkout_id, buyer_id, shop_id, 0, 0, 0, ${made} from orders where id = $2`,
        [id, sale.order_id],
      )
    expect((await refusalOf(insert(OLD_IDS + 77, "'2024-01-01'"))).constraint).toBe('orders_id_is_of_the_month_of_its_checkout')
    const late = Number(now) * 1_000_000_000 + 777_777_777
    expect((await refusalOf(insert(late, "'2024-01-01'"))).constraint).toBe('orders_id_is_of_the_month_it_was_made')
  })

  test('rejects rows of a month without a partition', async () => {
    const sale = await db.makeSale()
    const far = db.sql`
      insert into orders (id, checkout_id, buyer_id, shop_id, subtotal, shipping, total, created_at)
      select 209901000000001, 209901000000001, buyer_id, shop_id, 0, 0, 0, '2099-01-01' from orders where id = ${sale.order_id}`
    expect(await refusalOf(far)).toMatchObject({ code: '23514', message: expect.stringContaining('no partition') })
  })
})

describe('each partition', () => {
  test('of orders is unique by checkout and shop, and so are all: an order is in the month of its checkout', async () => {
    const without = db.rows`
      select i.inhrelid::regclass::text as name from pg_inherits i
      where i.inhparent = 'orders'::regclass and not exists (
        select from pg_constraint k where k.conrelid = i.inhrelid and k.contype = 'u'
          and pg_get_constraintdef(k.oid) = 'UNIQUE (checkout_id, shop_id)'
      )`
    expect(await without).toEqual([])
    expect((await partitionsOf('orders')).length).toBeGreaterThanOrEqual(13)
    const sale = await db.makeSale()
    const second = db.sql`
      insert into orders (checkout_id, buyer_id, shop_id, subtotal, shipping, total)
      select checkout_id, buyer_id, shop_id, 0, 0, 0 from orders where id = ${sale.order_id}`
    expect((await refusalOf(second)).constraint).toBe(`orders_${now}_checkout_id_shop_id_key`)
  })

  test('is as immutable as its table, also for writes that name the partition', async () => {
    const columns = { ledger_transactions: 'id', ledger_entries: 'order_id', order_commissions: 'order_id' }
    for (const [table, column] of Object.entries({ order_items: 'order_id', order_events: 'order_id', ...columns }))
      for (const partition of await partitionsOf(table))
        for (const change of [
          `update ${partition} set ${column} = ${column}`,
          `delete from ${partition}`,
          `truncate ${partition}`,
        ])
          expect([change, (await refusalOf(db.sql.unsafe(change))).code]).toEqual([change, 'SWAPP'])
    const sale = await db.makeSale()
    const late = db.sql.unsafe(
      `insert into order_items_${now} (order_id, product_id, title, quantity, price_at_purchase)
       values (${sale.order_id}, ${sale.product_id}, 'x', 1, 1)`,
    )
    expect((await refusalOf(late)).code).toBe('SWAPP')
    const second = db.sql.unsafe(
      `insert into orders_${now} (id, checkout_id, buyer_id, shop_id, subtotal, shipping, total)
       select o.id + 1000, o.checkout_id, o.buyer_id, s.id, 0, 0, 0
       from orders o join shops s on s.id <> o.shop_id where o.id = ${sale.order_id} limit 1`,
    )
    expect((await refusalOf(second)).code).toBe('SWAPP')
    const unbalanced = db.sql.unsafe(
      `insert into ledger_entries_${now} (transaction_id, line_no, account, amount)
       select max(id), 91, 'bad_debt', 1 from ledger_transactions`,
    )
    expect((await refusalOf(unbalanced)).code).toBe('SWSUM')
  })
})

describe('make_partitions', () => {
  const TABLES = [
    'ledger_entries',
    'ledger_transactions',
    'order_commissions',
    'order_events',
    'order_items',
    'orders',
    'search_queries',
    'search_reformulations',
  ]
  const make = async (sql: Sql = db.sql, months = 12) => {
    const rows = await sql<{ partition: string }[]>`select partition from make_partitions(${months}) order by 1`
    return rows.map(({ partition }) => partition)
  }

  test('finds the year that the deploy created, and creates the next months once', async () => {
    expect(await make()).toEqual([])
    const month = await db.value<string>`select to_char(now() at time zone 'UTC' + interval '13 months', 'YYYYMM')`
    expect(await make(db.sql, 13)).toEqual(TABLES.map((table) => `${table}_${month}`))
    expect(await make(db.sql, 13)).toEqual([])
  })

  test('blocks no reader or writer of orders once it has its locks, and gives up behind a writer', async () => {
    const rivals = await openRivals(db.url, 2)
    const [maker, buyer] = rivals.all as [Rival, Rival]
    try {
      // A writer of an order does not commit: make_partitions waits for 90 ms, and leaves the rest to the next hour.
      const sale = await db.makeSale()
      await buyer.sql`begin`
      await buyer.sql`update orders set updated_at = now() where id = ${sale.order_id}`
      const given_up = make(maker.sql, 14)
      await untilBlocked(db.sql, maker)
      expect(await given_up).toEqual([])
      await buyer.sql`commit`
      // make_partitions does not wait for a reader.
      await buyer.sql`begin`
      await buyer.sql`select from orders where id = ${sale.order_id}`
      expect(await make(maker.sql, 14)).toHaveLength(TABLES.length)
      await buyer.sql`commit`
    } finally {
      await rivals.close()
    }
  })

  test('names, in its one lock, all tables that its partitions reference or that reference them', async () => {
    const source = await db.value<string>`select prosrc from pg_proc where proname = 'make_partitions'`
    const locked = /lock table ([\w, ]+?)\s+in share row exclusive mode/.exec(source)?.[1]?.split(', ') ?? []
    const keys = await db.rows<{ name: string }>`
      select case when k.conrelid = t.id then k.confrelid else k.conrelid end::regclass::text as name
      from pg_constraint k
      join (select to_regclass(name)::oid as id from unnest(${TABLES}::text[]) name) t on t.id in (k.conrelid, k.confrelid)
      where k.contype = 'f' and k.conparentid = 0`
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.map(({ name }) => name).filter((name) => !locked.includes(name))).toEqual([])
  })

  test('one of two concurrent calls creates the months, and the other finds them', async () => {
    const made = (await db.race(2, ({ sql }) => make(sql, 15))).flat()
    expect(made.sort()).toEqual(made.length === 0 ? [] : TABLES.map((table) => expect.stringContaining(table)))
    expect([...made, ...(await make(db.sql, 15))]).toHaveLength(TABLES.length)
  })
})

test('drop_search_months drops a month when its last day is 90 days old', async () => {
  await db.sql`select create_partition('search_queries', '2024-01-01'), create_partition('search_reformulations', '2024-01-01')`
  const recent = await db.value<string>`
    select create_partition('search_queries', date_trunc('month', current_date - 90)::date)`
  const dropped = await db.rows<{ partition: string }>`select partition from drop_search_months()`
  expect(dropped.map(({ partition }) => partition)).toEqual(['search_queries_202401', 'search_reformulations_202401'])
  expect(await partitionsOf('search_queries')).toContain(recent)
})

/** Returns the plan as text. `generic`: the plan for any arguments, which a frequent statement gets. */
async function planOf(text: string, args: unknown[], mode: 'generic' | 'custom'): Promise<string> {
  const literals = args.map((arg) => (arg === null ? 'null' : `'${arg}'`)).join(', ')
  const rows = await runAndRollBack(db.sql, async (tx) => {
    await tx.unsafe(`set local plan_cache_mode = force_${mode}_plan`)
    await tx.unsafe('set local enable_seqscan = off')
    await tx.unsafe(`prepare asked as ${text}`)
    const plan = await tx.unsafe(`explain (analyze, costs off, timing off, summary off) execute asked(${literals})`)
    await tx.unsafe('deallocate asked')
    return plan
  })
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

/** Returns the partitions that a run has read, sorted. Pruned and unexecuted ones are not among them. */
function looked(plan: string): string[] {
  const lines = plan.split('\n').filter((line) => !line.includes('never executed'))
  const found = lines.flatMap((line) => [...line.matchAll(/ on ((?:orders|order_items|order_events|search_queries)_\w+)/g)])
  return [...new Set(found.map(([, name]) => name as string).filter((name) => !/_(idx|key|pkey)$/.test(name)))].sort()
}

const sale = await db.makeSale()
await db.putLine(sale.buyer_id, sale.product_id)
const textOf = (name: string) => readFileSync(join(projectRoot, 'db', 'queries', `${name}.sql`), 'utf8')

describe.each(['generic', 'custom'] as const)('a %s plan looks into no month but its own:', (mode) => {
  const of = (...tables: string[]) => tables.map((table) => `${table}_${now}`).sort()

  const by_checkout = 'select o.id from orders o where o.checkout_id = $1 and is_in_month_of(o.id, $1)'
  const by_foreign_key = 'select 1 from orders x where id operator(pg_catalog.=) $1 for key share of x'
  test.each([
    ['an order by its id', textOf('orders/show_order'), [sale.order_id, sale.buyer_id], ['orders']],
    [
      'the events of an order by its id',
      textOf('orders/list_order_events'),
      [sale.order_id, sale.buyer_id, null, 24],
      ['orders', 'order_events'],
    ],
    ["the existence of an order, for its item's foreign key", by_foreign_key, [sale.order_id], ['orders']],
    ['the orders of a checkout', by_checkout, [sale.checkout_id], ['orders']],
  ])('%s', async (_what, text, args, tables) => {
    expect(looked(await planOf(text, args, mode))).toEqual(of(...tables))
  })

  test('reads the orders of a checkout by the index whose first column is checkout_id', async () => {
    expect(await planOf(by_checkout, [sale.checkout_id], mode)).toContain(`orders_${now}_checkout_id_shop_id_key`)
  })

  test('reads orders of a buyer from no future month, after a page from no newer, for a range from its months', async () => {
    const list = (...filters: (string | null)[]) =>
      planOf(textOf('orders/list_buyer_orders'), [sale.buyer_id, ...filters, 24], mode)
    const first = looked(await list(null, null, null, null)).filter((name) => name.startsWith('orders_'))
    expect(first).toContain(`orders_${now}`)
    // The spare day for clock differences can be in the next month.
    expect(first.filter((name) => /_\d{6}$/.test(name) && name > `orders_${now}`).length).toBeLessThanOrEqual(1)
    const after = looked(await list(null, null, null, JSON.stringify(['2024-01-20T00:00:00Z', OLD_IDS + 5])))
    expect(after.filter((name) => name.startsWith('orders_'))).toEqual(['orders_202401'])
    const next_year = looked(await list(null, '2031-02-03T00:00:00Z', '2031-02-05T00:00:00Z', null))
    expect(next_year).toEqual([])
  })

  test('a query of the search log by days', async () => {
    const text = 'select sum(searches) from search_queries sq where sq.day > $1'
    const plan = await planOf(text, [`${now.slice(0, 4)}-${now.slice(4)}-01`], mode)
    expect(looked(plan)).not.toContain('search_queries_202401')
  })
})

/** Runs and rolls back a statement. Returns the partitions that it read by PostgreSQL's counters, which include functions. */
async function readBy(text: string, args: unknown[] = []): Promise<string[]> {
  const count = async (tx: Sql) => {
    const rows = await tx<{ name: string; scans: number }[]>`
      select st.relname::text as name, (st.seq_scan + coalesce(st.idx_scan, 0))::integer as scans
      from pg_stat_xact_user_tables st join pg_inherits i on i.inhrelid = st.relid where st.schemaname = 'public'`
    return new Map(rows.map(({ name, scans }) => [name, scans]))
  }
  return await runAndRollBack(db.sql, async (tx) => {
    const before = await count(tx)
    await tx.unsafe(text, args as never[])
    await tx`set constraints all immediate`
    const after = await count(tx)
    return [...after]
      .filter(([name, scans]) => scans !== (before.get(name) ?? 0))
      .map(([name]) => name)
      .sort()
  })
}

describe('a function reads only its own month:', () => {
  const LEDGER = ['ledger_entries', 'ledger_transactions', 'order_commissions']
  const of = (...tables: string[]) => tables.map((table) => `${table}_${now}`)

  const split = "select * from checkout_split_orders($1, 'a key', '{}')"
  test.each([
    ['the split of a cart, with its foreign keys and its checks at commit', split, [sale.buyer_id]],
    ['an order with its items', textOf('orders/show_order'), [sale.order_id, sale.buyer_id]],
    ['a checkout with its items', textOf('checkout/show_checkout'), [sale.checkout_id, sale.buyer_id]],
  ])('%s', async (_what, text, args) => {
    expect(await readBy(text, args)).toEqual(of('order_items', 'orders'))
  })

  test('a change of an order', async () => {
    const read = await readBy('select * from cancel_order($1, $2)', [sale.order_id, sale.buyer_id])
    expect(read).toEqual(of(...LEDGER, 'order_items', 'orders'))
  })

  test('the settlement of its payment, paid or declined', async () => {
    const pending = await db.makeSale({ outcome: null })
    for (const outcome of ['paid', 'declined'])
      for (const name of await readBy('select * from settle_checkout($1, $2)', [pending.checkout_id, outcome]))
        expect(of(...LEDGER, 'order_events', 'order_items', 'orders')).toContain(name)
  })

  test("a shop's orders: a page of old ones, or a range of time", async () => {
    const text = 'select * from list_shop_orders($1, $2, null, $3, $4, null, $5, 24)'
    const list = (...filters: unknown[]) => readBy(text, [sale.shop_id, sale.seller_id, ...filters])
    const old = await list(null, null, ['2024-01-20T00:00:00Z', OLD_IDS + 5])
    expect(old.filter((name) => name.startsWith('orders_'))).toEqual(['orders_202401'])
    expect(await list('2031-02-03T00:00:00Z', '2031-02-05T00:00:00Z', null)).toEqual([])
  })

  test('popularity, by the sales of two weeks', async () => {
    const read = await readBy("select rebuild_product_popularity() from (select set_config('x.y', 'z', true)) here")
    expect(read).toContain(`orders_${now}`)
    expect(read.filter((name) => name.endsWith('_202401'))).toEqual([])
  })
})

test('a later checkout on a connection plans no statement again, despite a range of ids', async () => {
  await db.sql`create extension if not exists pg_stat_statements`
  const sale = await db.makeSale()
  await db.sql`update products set quantity = 100 where id = ${sale.product_id}`
  const planned = await runAndRollBack(db.sql, async (tx) => {
    const buy = async () => {
      await putLine(tx, sale.buyer_id, sale.product_id)
      const { checkout_id } = await placeCheckout(tx, sale.buyer_id)
      await tx`select * from settle_checkout(${checkout_id}, 'paid')`
      await tx`set constraints all immediate`
    }
    await tx`set local pg_stat_statements.track = 'all'`
    await tx`set local pg_stat_statements.track_planning = on`
    // PostgreSQL considers a generic plan after five custom ones.
    for (let n = 0; n < 6; n++) await buy()
    await tx`select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()))`
    for (let n = 0; n < 3; n++) await buy()
    // Checks only orders: before PostgreSQL 18, each call plans the bodies of SQL functions, such as those that render JSON.
    return tx<{ query: string }[]>`
      select s.query from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname = current_database() and not s.toplevel and s.plans > 0 and s.query ~ '\\morder(s|_items|_events)\\M'
        and s.query !~ 'json_build_object\\(\\s*\\$'`
  })
  expect(planned.map(({ query }) => query)).toEqual([])
})

describe('an old month, archived while people buy', () => {
  const RUNBOOK = readFileSync(join(projectRoot, 'docs', 'RUNBOOK.md'), 'utf8')
  const statements = (/^psql .*<<'SQL'\n(do [\s\S]*?)SQL\n/m.exec(RUNBOOK)?.[1] ?? '').split(';\n').filter(Boolean)
  /** Runs the next statements of the runbook in one session, up to the one with these words. A failed statement runs again. */
  const run = async (upTo: string) => {
    for (let is_done = false; !is_done && statements[0]; statements.shift()) {
      await session.unsafe(statements[0])
      is_done = statements[0].includes(upTo)
    }
  }
  let session: Awaited<ReturnType<typeof db.sql.reserve>>
  beforeAll(async () => {
    session = await db.sql.reserve()
  })
  afterAll(async () => {
    await session.unsafe('reset all')
    session.release()
  })

  test('events alone; then items and orders, which fail while a review or a refund references one of them', async () => {
    const [plain, reviewed] = [await makeOldSale(1), await makeOldSale(2)]
    await db.sql`select ship_order(${reviewed.order_id}, ${reviewed.seller_id}, 'UPS', '1Z')`
    await db.sql`select * from review_order(${reviewed.order_id}, ${reviewed.buyer_id}, 5, 'Good')`
    const order = async (sale: Sale) =>
      JSON.parse((await db.sql.unsafe(textOf('orders/show_order'), [sale.order_id, sale.buyer_id]))[0]?.body ?? 'null')
    const events = async (sale: Sale) => [
      ...(await db.sql.unsafe(textOf('orders/list_order_events'), [sale.order_id, sale.buyer_id, null, 24])),
    ]
    const before = await order(plain)
    expect(before).toMatchObject({ id: plain.order_id, items: [{ product_id: plain.product_id, quantity: 2 }] })
    expect(await events(plain)).toHaveLength(2)

    expect(await refusalOf(run('do $$'))).toMatchObject({ code: 'P0001', message: expect.stringContaining('leave it') })
    // A review arrives a moment later.
    statements.shift()
    await run('drop constraint order_events_order_id_fkey')
    expect(await order(plain)).toEqual(before)
    expect(await events(plain)).toEqual([])

    await run('drop constraint order_items_order_id_fkey')
    expect(await refusalOf(run('table orders detach'))).toMatchObject({ code: '23503' })
    await db.sql`delete from reviews where order_id = ${reviewed.order_id}`
    await run('table orders_202401 set schema')
    expect(await db.rows`select from archive.orders_202401`).toHaveLength(2)
    expect(statements).toEqual([])

    expect(await order(plain)).toBeNull()
    expect(await events(plain)).toEqual([])
    const listed = await db.sql.unsafe(textOf('orders/list_buyer_orders'), [plain.buyer_id, null, null, null, null, 24])
    expect(listed.map(({ item }) => JSON.parse(item).id)).not.toContain(plain.order_id)
    expect(listed).toHaveLength(1)
    const [checkout] = await db.sql.unsafe(textOf('checkout/show_checkout'), [plain.checkout_id, plain.buyer_id])
    expect(JSON.parse(checkout?.body)).toMatchObject({ checkout_id: plain.checkout_id, orders: [] })
    expect((await refusalOf(db.sql`select cancel_order(${plain.order_id}, ${plain.buyer_id})`)).code).toBe('SWNTF')
    const again = await db.makeSale()
    expect(String(again.order_id)).toStartWith(now)

    // Brings the month back.
    for (const table of ['orders', 'order_items', 'order_events']) {
      await db.sql.unsafe(`alter table archive.${table}_202401 set schema public`)
      await db.sql.unsafe(
        `alter table ${table} attach partition ${table}_202401 for values from (202401000000000) to (202402000000000)`,
      )
    }
    expect(await order(plain)).toEqual(before)
    expect(await events(plain)).toHaveLength(2)
  })
})
