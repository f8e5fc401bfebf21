/** The suite `replay`: sends the shipped real baskets as carts and checkouts over HTTP, to a new server with a new database. */
import { openProgress } from '../../src/commands/progress.ts'
import { migrate } from '../../src/deploy/migrate.ts'
import { createScratchDatabase } from '../../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../../src/domains/catalog/load_shipped.ts'
import { openPool, type Sql } from '../../src/platform/db/client.ts'
import { startApi } from '../../test/support/api_process.ts'
import { percentile } from '../../test/support/figures.ts'
import { makePeople } from '../../test/support/people.ts'
import { compareStock, readStock } from '../../test/support/stock.ts'
import { type Basket, readBaskets } from './baskets.ts'
import { type Commission, readCommission, setCommission } from './commission.ts'
import { type Item, newTally, type Purchase, sendPurchases, type Tally } from './send_purchases.ts'

export type ReplayOptions = {
  database_url: string | undefined
  /** Skips baskets with more lines. */
  max_lines: number
  /** Baskets at most. */
  limit: number
  /** Buyers at a time. */
  concurrency: number
}

/** `lines` of the baskets name a product that is not in the catalog. */
export type Plan = { purchases: Purchase[]; unknown_lines: number }

/** The database after the replay. `wrong` describes products and shops that do not add up. */
export type Outcome = { revenue: string; initial: number; left: number; sold: number; wrong: string[] } & Omit<
  Commission,
  'wrong'
>

/** The stock of each product is this share of its quantity in the baskets, so that the API refuses some lines. */
const SHARE_IN_STOCK = 0.9

/** Runs the replay, prints its table and returns the exit code: 0 if every product adds up and no call failed. */
export async function replay({ database_url, max_lines, limit, concurrency }: ReplayOptions): Promise<number> {
  const closes: (() => unknown)[] = []
  const close = async () => {
    for (const one of closes.splice(0).reverse()) await one()
  }
  process.once('SIGINT', () => void close().finally(() => process.exit(130)))
  process.once('SIGTERM', () => void close().finally(() => process.exit(143)))
  try {
    const scratch = await createScratchDatabase(database_url)
    closes.push(scratch.drop)
    await migrate(scratch.url)
    const sql = openPool(scratch.url, { max: 2, name: 'stallwright replay', statement_timeout_ms: 0 })
    closes.push(() => sql.end({ timeout: 5 }))
    await loadShippedCatalog(scratch.url, sql)
    await setCommission(sql)
    const { purchases, unknown_lines } = await prepareReplay(sql, await readBaskets(max_lines, limit))
    const api = await startApi({ DATABASE_URL: scratch.url })
    closes.push(api.stop)
    const before = await readStock(sql)
    const tally = newTally()
    const progress = openProgress(purchases.length, 'Replaying')
    const began = performance.now()
    await sendPurchases(api.url, purchases, concurrency, tally, () =>
      progress.update(tally.baskets, `${tally.orders} orders, ${tally.refused_lines} lines refused`),
    )
    const duration_s = (performance.now() - began) / 1000
    progress.end()
    const outcome = await readOutcome(sql, before)
    console.log(renderReport(tally, outcome, duration_s, api.readRssMb(), unknown_lines))
    const failures = [...tally.server_errors, ...tally.failures, ...outcome.wrong]
    for (const failure of failures.slice(0, 10)) console.error(failure)
    return failures.length === 0 ? 0 : 1
  } finally {
    await close()
  }
}

/** Finds the products, sets their stock and signs the buyers in. */
export async function prepareReplay(sql: Sql, baskets: Basket[]): Promise<Plan> {
  const found = await sql<(Item & { sku: string })[]>`
    select sku, id as product_id, null::bigint as variant_id from products where not has_variants
    union all
    select sku, product_id, id from variants`
  const items = new Map(found.map(({ sku, ...item }) => [sku, item]))
  const buyers = [...new Set(baskets.map(buyerOf))]
  const people = await makePeople(sql, buyers.length)
  const tokens = new Map(buyers.map((buyer, place) => [buyer, people[place]?.token ?? '']))
  let unknown_lines = 0
  const purchases = baskets.flatMap((basket): Purchase[] => {
    const lines = basket.lines.flatMap(({ sku, quantity }) => {
      const item = items.get(sku)
      return item === undefined ? [] : [{ ...item, quantity }]
    })
    unknown_lines += basket.lines.length - lines.length
    return lines.length > 0 ? [{ number: basket.number, token: tokens.get(buyerOf(basket)) ?? '', lines }] : []
  })
  await setStock(sql, purchases)
  return { purchases, unknown_lines }
}

/** A known customer is one buyer in all baskets. An unknown customer is a new buyer each time. */
function buyerOf({ number, customer }: Basket): string {
  return customer === '0' ? `basket-${number}` : `customer-${customer}`
}

async function setStock(sql: Sql, purchases: Purchase[]): Promise<void> {
  const products = new Map<number, number>()
  const variants = new Map<number, number>()
  for (const { product_id, variant_id, quantity } of purchases.flatMap(({ lines }) => lines)) {
    const [wanted, id] = variant_id === null ? [products, product_id] : [variants, variant_id]
    wanted.set(id, (wanted.get(id) ?? 0) + quantity)
  }
  const stockOf = (wanted: Map<number, number>) => [...wanted.values()].map((quantity) => Math.floor(quantity * SHARE_IN_STOCK))
  await sql`
    update products p set quantity = coalesce(s.quantity, 0)
    from products q
    left join unnest(${[...products.keys()]}::bigint[], ${stockOf(products)}::integer[]) s (id, quantity) on s.id = q.id
    where p.id = q.id and p.stock_by = 'product' and p.quantity <> coalesce(s.quantity, 0)`
  await sql`
    update variants v set quantity = coalesce(s.quantity, 0)
    from variants w
    left join unnest(${[...variants.keys()]}::bigint[], ${stockOf(variants)}::integer[]) s (id, quantity) on s.id = w.id
    where v.id = w.id and v.quantity <> coalesce(s.quantity, 0)`
}

/** Compares the stock with `before`, the stock at the beginning. */
export async function readOutcome(sql: Sql, before: Awaited<ReturnType<typeof readStock>>): Promise<Outcome> {
  const after = await readStock(sql)
  const [row] = await sql<{ revenue: string }[]>`
    select coalesce(sum(o.total), 0)::numeric(14, 2)::text as revenue
    from orders o where o.status not in ('cancelled', 'refunded')`
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const { wrong: wrong_shops, ...money } = await readCommission(sql)
  return {
    revenue: row?.revenue ?? '0.00',
    ...money,
    initial: sum(before.map(({ ever }) => ever)),
    left: sum(after.map(({ on_hand }) => on_hand)),
    sold: sum(after.map(({ in_orders }) => in_orders)),
    wrong: [...compareStock(before, after), ...wrong_shops],
  }
}

function renderReport(tally: Tally, outcome: Outcome, duration_s: number, rss_mb: number, unknown_lines: number): string {
  const at = (share: number) => `${percentile(tally.checkout_ms, share).toFixed(1)} ms`
  const rows: [string, string][] = [
    ['baskets', `${tally.baskets}`],
    ['checkouts', `${tally.checkouts}${tally.pending > 0 ? ` (${tally.pending} pending)` : ''}`],
    ['orders', `${tally.orders}`],
    ['lines', `${tally.lines}`],
    ['refused for lack of stock', `${tally.refused_lines} lines, ${tally.empty_baskets} whole baskets`],
    ['not in the catalog', `${unknown_lines} lines`],
    ['revenue', `$${outcome.revenue}`],
    ['commission, 6.5 % and $0.30 a unit', `$${outcome.commission}`],
    ['owed to the shops', `$${outcome.owed} (${outcome.shops} shops)`],
    ['checkouts/s', (tally.checkouts / duration_s).toFixed(1)],
    ['checkout p50 / p95 / p99', `${at(0.5)} / ${at(0.95)} / ${at(0.99)}`],
    ['5xx responses', `${tally.server_errors.length}`],
    ['other unexpected responses', `${tally.failures.length}`],
    ['memory of the API process', `${rss_mb.toFixed(0)} MB`],
    ['stock: initial = left + sold', `${outcome.initial} = ${outcome.left} + ${outcome.sold}`],
    ['products or shops that do not add up', `${outcome.wrong.length}`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}
