/**
 * Compares listings with five variants with the same listings without. Each side has its own database and its own API process
 * without caches. The bench sends each request to both sides in turn, so a change in the machine's speed favors none.
 */
import { IMPORT_LANES } from '../src/domains/catalog/import_catalog.ts'
import { seedListings } from '../src/domains/catalog/seed_listings.ts'
import type { Pool } from '../src/platform/db/client.ts'
import { percentile } from '../test/support/figures.ts'
import { type Bench, type Figure, withBench } from './bench.ts'

const VARIANTS = 5
/** Requests of each kind to each side. */
const REQUESTS = 400
const WARM_UP = 40
/** The import writes so many listings, and SQL copies them up to the size of the bench, because their words need no second parsing. */
const IMPORTED = 20_000
/** What a copy adds to the ids of its original. */
const ID_STEP = 10_000_000

type Side = { bench: Bench; url: string }
/** A request to the side without variants, and to the side with them. */
type Pair = [plain: string, varied: string]

/** The bench runs once for each number of `listings`. */
export async function benchVariants(database_url: string | undefined, sizes: number[]): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const listings of sizes) {
    const options = { has_catalog: false, connections: IMPORT_LANES }
    const measured = await withBench(database_url, options, (plain) =>
      withBench(database_url, options, (varied) => measureBoth(plain, varied, listings)),
    )
    figures.push(...measured.map(({ name, value }) => ({ name: `${listings} listings, ${name}`, value })))
  }
  return figures
}

async function measureBoth(plain: Bench, varied: Bench, listings: number): Promise<Figure[]> {
  const imported = Math.min(listings, IMPORTED)
  const plain_s = await seed(plain.sql, imported, 0)
  const varied_s = await seed(varied.sql, imported, VARIANTS)
  for (const { sql } of [plain, varied]) await copyListings(sql, Math.ceil(listings / imported) - 1)
  const program = 'bench/uncached_server.ts'
  const sides = [
    { bench: plain, url: (await plain.start({}, { program })).url },
    { bench: varied, url: (await varied.start({}, { program })).url },
  ] as const
  const figures: Figure[] = [
    { name: 'import', value: describeRates(imported, plain_s, varied_s) },
    { name: 'bytes a variant', value: await describeBytes(plain.sql, varied.sql) },
  ]
  for (const [name, pairs] of Object.entries(await choosePairs(plain.sql, varied.sql)))
    figures.push({ name, value: await measureInTurn(sides, pairs) })
  return figures
}

/** Returns the seconds that the import took. */
async function seed(sql: Pool, listings: number, each: number): Promise<number> {
  const began = performance.now()
  await seedListings(sql, listings, 1, { onBadRow: ({ reason }) => console.error(reason) }, each > 0 ? 1 : 0, each)
  const duration_s = (performance.now() - began) / 1000
  return duration_s
}

/**
 * Copies all shops and listings, with what the triggers have written about them. Each copy is older than the one before, because the
 * newest listings of a market are neighbors on disk.
 */
async function copyListings(sql: Pool, copies: number): Promise<void> {
  const ids = (...columns: string[]) => Object.fromEntries(columns.map((column) => [column, `t.${column} + n.step`]))
  const sku = { sku: "t.sku || '-' || n.step" }
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = 'replica'`
    for (const [table, changed] of Object.entries({
      shops: { ...ids('id'), name: "t.name || ' ' || n.step" },
      products: { ...ids('id', 'shop_id'), ...sku, created_at: `t.created_at - n.step / ${ID_STEP} * interval '100 days'` },
      product_options: ids('product_id'),
      variants: { ...ids('id', 'product_id', 'shop_id'), ...sku },
      product_search: ids('product_id', 'shop_id'),
    })) {
      const columns = await tx<{ name: string }[]>`
        select attname as name from pg_attribute
        where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`
      const names = columns.map(({ name }) => name)
      const values = names.map((name) => (changed as Record<string, string>)[name] ?? `t.${name}`)
      await tx.unsafe(`
        insert into ${table} (${names}) overriding system value
        select ${values} from ${table} t cross join (select k * ${ID_STEP}::bigint as step from generate_series(1, ${copies}) k) n`)
    }
  })
  await sql`vacuum (analyze)`
}

function describeRates(listings: number, plain_s: number, varied_s: number): string {
  const rate = (rows: number, duration_s: number) => `${Math.round(rows / duration_s)}/s`
  return `${rate(listings, plain_s)} listings without variants; ${rate(VARIANTS * listings, varied_s)} variants with their listings`
}

async function describeBytes(plain: Pool, varied: Pool): Promise<string> {
  const sizeOf = async (sql: Pool) => {
    const [row] = await sql<{ own: number; search: number; products: number; variants: number }[]>`
      select pg_total_relation_size('variants') + pg_total_relation_size('product_options') as own,
        pg_total_relation_size('product_search') as search, pg_total_relation_size('products') as products,
        greatest(1, (select count(*) from variants)) as variants`
    return row ?? { own: 0, search: 0, products: 0, variants: 1 }
  }
  const [before, after] = [await sizeOf(plain), await sizeOf(varied)]
  const per = (bytes: number) => Math.round(bytes / after.variants)
  return `${per(after.own)} in variants and options, ${per(after.search - before.search)} in the search index, ${per(
    after.products - before.products,
  )} in products`
}

/** Chooses the same listings, shops and words on both sides. */
async function choosePairs(plain: Pool, varied: Pool): Promise<Record<string, Pair[]>> {
  const count = REQUESTS + WARM_UP
  const rows = await plain<{ sku: string; id: number; title: string; shop: string; shop_id: number }[]>`
    select p.sku, p.id, p.title, s.name as shop, p.shop_id from products p join shops s on s.id = p.shop_id
    order by md5(p.sku) limit ${count}`
  const found = await varied<{ sku: string; id: number; shop_id: number; option: string }[]>`
    select p.sku, p.id, p.shop_id, o.name || ':' || o.option_values[1] as option
    from products p join product_options o on o.product_id = p.id and o.position = 1
    where p.sku = any (${rows.map(({ sku }) => sku)})`
  const same = new Map(found.map((row) => [row.sku, row]))
  const pairs = rows.flatMap((row) => {
    const other = same.get(row.sku)
    return other ? [{ row, other, q: row.title.toLowerCase().split(' ').slice(0, 2).join(' ') }] : []
  })
  const search = (q: string, option?: string) => `/v1/search?${new URLSearchParams({ q, ...(option && { option }) })}`
  return {
    page: pairs.map(({ row, other }) => [`/v1/products/${row.id}`, `/v1/products/${other.id}`]),
    'list of a shop': pairs.map(({ row, other }) => [`/v1/shops/${row.shop_id}/products`, `/v1/shops/${other.shop_id}/products`]),
    'search with facets': pairs.map(({ q }) => [search(q), search(q)]),
    // Without words, a search reads all listings that pass its filters.
    'search without words': pairs.slice(0, WARM_UP + 100).map((_, n) => {
      const path = `/v1/search?${new URLSearchParams({ price_min: String(n % 20) })}`
      return [path, path]
    }),
    'search by an option': pairs.map(({ q, other }) => [search(q), search(q, other.option)]),
  }
}

async function measureInTurn(sides: readonly [Side, Side], pairs: Pair[]): Promise<string> {
  const times_ms: [number[], number[]] = [[], []]
  for (const [turn, pair] of pairs.entries())
    for (const place of [0, 1] as const) {
      const began = performance.now()
      const response = await fetch(sides[place].url + pair[place])
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`${pair[place]} returned ${response.status}`)
      if (turn >= WARM_UP) times_ms[place].push(performance.now() - began)
    }
  const at = (place: 0 | 1, share: number) => percentile(times_ms[place], share)
  const ratio = (share: number) => (at(1, share) / at(0, share)).toFixed(2)
  return `p50 × ${ratio(0.5)}, p95 × ${ratio(0.95)} (${at(0, 0.95).toFixed(1)} and ${at(1, 0.95).toFixed(1)} ms)`
}
