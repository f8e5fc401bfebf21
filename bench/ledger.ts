/**
 * Measures a ledger of many orders: the balance of a shop, its statement of a month, and the plan of all payouts. SQL writes the rows
 * of a year without triggers: each order is sold, released and, except in the last month, paid out. Every hundredth order is of one
 * large shop.
 */
import type { Pool } from '../src/platform/db/client.ts'
import { percentile } from '../test/support/figures.ts'
import { type Figure, withBench } from './bench.ts'

const SHOPS = 10_000
const MONTHS = 12
/** The large shop gets one of this number of orders. */
const LARGE_SHARE = 100
const LOOKS = 1000
/** As the job does it. */
const PLANNED_AT_ONCE = 500

/** Returns the times for a ledger of this number of orders. */
export async function benchLedger(database_url: string | undefined, orders: number): Promise<Figure[]> {
  return withBench(database_url, { has_catalog: false }, async ({ sql }) => {
    const { owner, shops } = await makeShops(sql)
    await writeLedger(sql, shops, orders)
    const [large = 0, ...small] = shops
    const some = Array.from({ length: LOOKS }, (_, n) => small[(n * 7919) % small.length] as number)
    const month = new Date().toISOString().slice(0, 7)
    const statement = (shop: number) => sql`select body from show_statement(${shop}, ${owner}, ${month})`
    const figures = [
      { name: 'size', value: `${orders} orders, ${await describeSize(sql)}` },
      { name: 'balance of a shop', value: await measure(some, (shop) => sql`select body from show_balance(${shop}, ${owner})`) },
      { name: 'statement of a month', value: await measure(some, statement) },
      {
        name: 'the same, a large shop',
        value: `${await measure(Array(20).fill(large), statement)}, ${await countLines(sql, large)} lines`,
      },
      {
        name: 'first page of a ledger',
        value: await measure(some, (shop) => sql`select item from list_ledger(${shop}, ${owner}, null, null, null, 24)`),
      },
      { name: 'plan_payouts', value: await plan(sql) },
    ]
    return figures.map(({ name, value }) => ({ name: `ledger, ${name}`, value }))
  })
}

/** One person owns all shops. */
async function makeShops(sql: Pool): Promise<{ owner: number; shops: number[] }> {
  const [user] = await sql<{ id: number }[]>`
    insert into users (email, password, display_name) values ('bench@example.com', '*', 'Ann') returning id`
  const rows = await sql<{ id: number }[]>`
    insert into shops (owner_id, name) select ${user?.id as number}, 'Shop ' || n from generate_series(1, ${SHOPS}::integer) n
    returning id`
  return { owner: user?.id as number, shops: rows.map(({ id }) => id) }
}

async function writeLedger(sql: Pool, shops: number[], orders: number): Promise<void> {
  for (let back = 1; back < MONTHS; back++)
    for (const table of ['ledger_transactions', 'ledger_entries'])
      await sql`select create_partition(${table}, (date_trunc('month', now(), 'UTC') - make_interval(months => ${back}))::date)`
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = 'replica'`
    await tx`set local synchronous_commit = off`
    // Order n: its month counted back from this one, its shop, its amount, and the ids of its two transactions.
    await tx`
      create temp table sold on commit drop as
      select n, n % ${MONTHS} as back, m.at, m.at::date as day, first_dated_id(m.at) + 2 * n as id,
        case when n % ${LARGE_SHARE} = 0 then ${shops[0] as number} else (${shops}::bigint[])[2 + n % ${SHOPS - 1}] end as shop_id,
        (500 + n % 4000)::numeric / 100 as total, (33 + n % 260)::numeric / 100 as commission
      from generate_series(1, ${orders}::integer) n
      cross join lateral (
        select date_trunc('month', now(), 'UTC') - make_interval(months => n % ${MONTHS}) + n % 1000 * interval '1 second' as at
      ) m`
    await tx`
      insert into ledger_transactions (id, kind, source, created_at)
      select s.id + k.step, k.kind, k.word || s.n, s.at from sold s, (values (0, 'sale', 'checkout:'), (1, 'release', 'order:')) k (step, kind, word)`
    await tx`
      insert into ledger_entries (transaction_id, line_no, account, shop_id, order_id, amount, created_at)
      select s.id + l.step, l.line_no, l.account, case when l.account ^@ 'seller_' then s.shop_id end, s.id, l.amount, s.at
      from sold s
      cross join lateral (
        values (0, 1, 'seller_pending', s.total - s.commission), (0, 2, 'commission', s.commission), (0, 3, 'provider', -s.total),
          (1, 1, 'seller_available', s.total - s.commission), (1, 2, 'seller_pending', s.commission - s.total)
      ) l (step, line_no, account, amount)`
    await tx`
      insert into payouts (id, shop_id, provider, amount, status, paid_at, created_at)
      select first_dated_id(min(s.at)) + row_number() over (), s.shop_id, 'manual', sum(s.total - s.commission), 'paid', min(s.at), min(s.at)
      from sold s where s.back > 0 group by s.shop_id, s.back`
    await tx`
      insert into transfers (transaction_id, shop_id, order_id, amount, payout_id, status)
      select s.id + 1, s.shop_id, s.id, s.total - s.commission, p.id, case when p.id is null then 'planned' else 'done' end
      from sold s left join payouts p on p.shop_id = s.shop_id and date_trunc('month', p.created_at) = date_trunc('month', s.at)`
    await tx`insert into payout_items (payout_id, transfer_id) select t.payout_id, t.id from transfers t where t.payout_id is not null`
    await tx`
      insert into shop_balances (shop_id, available)
      select t.shop_id, sum(t.amount) from transfers t where t.payout_id is null group by t.shop_id`
  })
  await sql`select setval('ledger_transactions_id_seq', ${2 * orders + 2})`
  await sql`vacuum (analyze)`
}

async function measure<T>(all: T[], look: (one: T) => PromiseLike<unknown>): Promise<string> {
  const times_ms: number[] = []
  for (const one of all) {
    const began = performance.now()
    await look(one)
    times_ms.push(performance.now() - began)
  }
  const at = (share: number) => percentile(times_ms, share).toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${Math.max(...times_ms).toFixed(1)} ms`
}

async function describeSize(sql: Pool): Promise<string> {
  const [row] = await sql<{ entries: number; bytes: number; transactions: number }[]>`
    select (select count(*) from ledger_entries)::integer as entries, (select count(*) from ledger_transactions)::integer as transactions,
      (
        select sum(pg_total_relation_size(i.inhrelid)) from pg_inherits i
        where i.inhparent in ('ledger_entries'::regclass, 'ledger_transactions'::regclass)
      )::float8 as bytes`
  const { entries, bytes, transactions } = row as { entries: number; bytes: number; transactions: number }
  return `${entries} in ${transactions} transactions, ${Math.round(bytes / transactions)} bytes a transaction`
}

async function countLines(sql: Pool, shop: number): Promise<number> {
  const [row] = await sql<{ lines: number }[]>`
    select count(*)::integer as lines from ledger_entries
    where shop_id = ${shop} and created_at >= date_trunc('month', now(), 'UTC')`
  return row?.lines ?? 0
}

async function plan(sql: Pool): Promise<string> {
  const began = performance.now()
  let [sum, slowest_ms] = [0, 0]
  for (let planned = PLANNED_AT_ONCE; planned === PLANNED_AT_ONCE; sum += planned) {
    const batch_began = performance.now()
    const [row] = await sql<{ payouts: number }[]>`select plan_payouts(${PLANNED_AT_ONCE}) as payouts`
    planned = row?.payouts ?? 0
    slowest_ms = Math.max(slowest_ms, performance.now() - batch_began)
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  return `${seconds} s for ${sum} payouts, a batch of ${PLANNED_AT_ONCE} at most ${slowest_ms.toFixed(0)} ms`
}
