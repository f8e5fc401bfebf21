/**
 * Measures whole purchases over HTTP by k6: three listings of three shops into the cart, the cart, the checkout. Each listing of
 * the shipped catalog is bought once, so most of them are held. Also measures what one purchase costs PostgreSQL.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrBuildK6, K6_HINT } from '../loadtest/runner/k6.ts'
import type { Pool } from '../src/platform/db/client.ts'
import { projectRoot } from '../src/platform/project.ts'
import { describeSpread } from '../test/support/figures.ts'
import { makePeople } from '../test/support/people.ts'
import { type Figure, withBench } from './bench.ts'

const CLIENTS = [1, 8] as const
const PURCHASES_OF_A_ROUND = 150

type Cart = { token: string; product_ids: number[] }
type Round = { clients: number; rate: number; p99_ms: number; cost: Cost | null }
/** The cost of one purchase: the time of its statements and their WAL, without full pages after a checkpoint. */
type Cost = { ms: number; wal_kb: number }

/** Returns purchases a second and the p99 of a purchase at 1 and 8 clients, and PostgreSQL's cost of a purchase. */
export async function benchPurchase(database_url: string | undefined, round_count: number): Promise<Figure[]> {
  const k6 = await findOrBuildK6()
  if (!k6) return [{ name: 'purchase', value: `not measured: there is no k6. ${K6_HINT}` }]
  // One connection more than a bench has by default: `keepWal` keeps one.
  return withBench(database_url, { connections: 3 }, async ({ sql, start }) => {
    const can_read_costs = await prepareCosts(sql)
    if (can_read_costs) await keepWal(sql)
    const carts = await fillRounds(sql, round_count + 1)
    const { url } = await start({}, { role: 'api' })
    const rounds: Round[] = []
    // Round 0 warms up.
    for (let round = 0; round <= round_count; round++) {
      for (const clients of CLIENTS) {
        const before = can_read_costs ? await readCounters(sql) : null
        const { rate, p99_ms } = await run(k6, url, clients, carts.splice(0, PURCHASES_OF_A_ROUND))
        const cost = before && (await readCost(sql, before))
        if (round > 0) rounds.push({ clients, rate, p99_ms, cost })
      }
      if (round === 0) await sql`vacuum (analyze)`
    }
    return describe(rounds)
  })
}

/** Makes a buyer for each purchase, with three listings that no other purchase has, of three shops. */
async function fillRounds(sql: Pool, round_count: number): Promise<Cart[]> {
  const count = round_count * CLIENTS.length * PURCHASES_OF_A_ROUND
  const listings = await sql<{ id: number; shop_id: number }[]>`
    select p.id, p.shop_id from products p join shops s on s.id = p.shop_id
    where p.quantity > 0 and p.archived_at is null and not p.has_variants and not s.is_on_vacation
    order by row_number() over (partition by p.shop_id order by p.id), p.shop_id
    limit ${3 * count}`
  if (listings.length < 3 * count)
    throw new Error(`The catalog has listings for ${Math.floor(listings.length / 3)} of ${count} purchases.`)
  const buyers = await makePeople(sql, count)
  return buyers.map(({ token }, place) => ({ token, product_ids: [0, 1, 2].map((n) => listings[place * 3 + n]?.id as number) }))
}

async function run(k6: string, url: string, clients: number, carts: Cart[]) {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-purchase-'))
  const [carts_file, summary_file] = [join(folder, 'carts.json'), join(folder, 'summary.json')]
  try {
    writeFileSync(carts_file, JSON.stringify(carts))
    const given = Object.entries({ BASE_URL: url, CARTS: carts_file, CLIENTS: String(clients) })
    const child = Bun.spawn(
      [
        k6,
        'run',
        '--quiet',
        '--no-usage-report',
        '--summary-export',
        summary_file,
        ...given.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        join('bench', 'purchase_flow.ts'),
      ],
      { cwd: projectRoot, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
    )
    const [printed, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    if ((await child.exited) !== 0) throw new Error(`k6: ${errors}\n${printed}`)
    const { metrics } = JSON.parse(readFileSync(summary_file, 'utf8'))
    return { rate: Number(metrics.iterations.rate), p99_ms: Number(metrics.iteration_duration['p(99)']) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Returns whether the server counts statements (pg_stat_statements) and can read its WAL (pg_walinspect). */
async function prepareCosts(sql: Pool): Promise<boolean> {
  const [server] = await sql<{ is_counted: boolean }[]>`
    select current_setting('shared_preload_libraries') like '%pg_stat_statements%' and current_setting('is_superuser') = 'on'
      and exists (select from pg_available_extensions where name = 'pg_walinspect') as is_counted`
  if (!server?.is_counted) return false
  await sql`create extension if not exists pg_stat_statements`
  await sql`create extension if not exists pg_walinspect`
  return true
}

/**
 * Keeps the WAL of the rounds until the pool ends: a checkpoint removes what no replication slot needs, also in the middle of a
 * round. The slot ends with its connection.
 */
async function keepWal(sql: Pool): Promise<void> {
  const connection = await sql.reserve()
  await connection`select pg_create_physical_replication_slot(${`stallwright_bench_${process.pid}`}, true, true)`
}

type Counters = { ms: number; checkouts: number; lsn: string }

async function readCounters(sql: Pool): Promise<Counters> {
  const [row] = await sql<Counters[]>`
    select coalesce(sum(s.total_exec_time) filter (where s.toplevel), 0)::float8 as ms,
      (select count(*) from checkouts)::integer as checkouts, pg_current_wal_flush_lsn()::text as lsn
    from pg_stat_statements s
    where s.dbid = (select d.oid from pg_database d where d.datname = current_database())`
  return row as Counters
}

async function readCost(sql: Pool, before: Counters): Promise<Cost> {
  const after = await readCounters(sql)
  const [wal] = await sql<{ bytes: number }[]>`
    select sum(w.record_size)::float8 as bytes from pg_get_wal_stats(${before.lsn}, ${after.lsn}) w`
  const count = after.checkouts - before.checkouts
  return { ms: (after.ms - before.ms) / count, wal_kb: (wal?.bytes ?? 0) / 1024 / count }
}

function describe(rounds: Round[]): Figure[] {
  return CLIENTS.flatMap((clients) => {
    const of = rounds.filter((round) => round.clients === clients)
    const spread = (value: (round: Round) => number, digits = 0) => describeSpread(of.map(value), digits)
    const name = `purchase, ${clients} at a time`
    const speed = `${spread(({ rate }) => rate)} a second, p99 ${spread(({ p99_ms }) => p99_ms)} ms`
    const cost = (part: keyof Cost) => spread((round) => round.cost?.[part] ?? 0, 1)
    const costs = of[0]?.cost
      ? `${cost('ms')} ms and ${cost('wal_kb')} KB of WAL`
      : 'not measured: needs pg_stat_statements as superuser'
    return [
      { name, value: speed },
      { name: `${name}, PostgreSQL`, value: costs },
    ]
  })
}
