/**
 * Measures recommendations on the shipped baskets. Holds out a fifth of the customers, makes one bought product the only
 * favorite of each, and compares the first 20 recommendations with the other products that the customer bought.
 */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import type { Pool } from '../../platform/db/client.ts'
import { projectRoot } from '../../platform/project.ts'

export type Evaluation = { customers: number; ndcg_popularity: number; ndcg_recommendations: number; ratio: number }

const TOP = 20

/** Needs a migrated database with the shipped catalog and no favorites. Leaves its users and favorites there. */
export async function evaluateRecommendations(sql: Pool, say: (line: string) => void): Promise<Evaluation> {
  const bought = await readPurchases(sql)
  const customers = [...bought.keys()].sort()
  const heldOut = customers.filter((_, index) => index % 5 === 0 && (bought.get(customers[index] ?? '')?.size ?? 0) >= 2)
  const held = new Set(heldOut)
  const known = customers.filter((customer) => !held.has(customer))
  say(`${known.length} customers to learn from, ${heldOut.length} held out`)
  const users = await addUsers(sql, customers.length)
  const userOf = new Map(customers.map((customer, index) => [customer, users[index] ?? 0]))
  await addFavorites(
    sql,
    known.flatMap((customer) =>
      [...(bought.get(customer) ?? [])].map((product) => [userOf.get(customer) ?? 0, product] as const),
    ),
  )
  await addFavorites(
    sql,
    heldOut.map((customer) => [userOf.get(customer) ?? 0, firstOf(bought.get(customer))] as const),
  )
  await sql`select rebuild_product_popularity(), rebuild_product_neighbors()`
  // The baseline: the listings with the most favorites.
  const popular = await sql<{ fav_id: number }[]>`
    select f.fav_id from favorites f group by f.fav_id order by count(*) desc, f.fav_id limit ${TOP + 1}`
  let ndcg_popularity = 0
  let ndcg_recommendations = 0
  for (const customer of heldOut) {
    const items = bought.get(customer) ?? new Set()
    const favorite = firstOf(items)
    const relevant = new Set([...items].filter((item) => item !== favorite))
    const recommended = await sql<
      { product_id: number }[]
    >`select product_id from recommend_products(${userOf.get(customer) ?? 0}, ${TOP})`
    const byPopularity = popular.map((row) => row.fav_id).filter((id) => id !== favorite)
    ndcg_popularity += ndcg(byPopularity, relevant)
    ndcg_recommendations += ndcg(
      recommended.map((row) => row.product_id),
      relevant,
    )
  }
  const mean = (sum: number) => sum / heldOut.length
  return {
    customers: heldOut.length,
    ndcg_popularity: mean(ndcg_popularity),
    ndcg_recommendations: mean(ndcg_recommendations),
    ratio: ndcg_recommendations / ndcg_popularity,
  }
}

/** NDCG@20 with gain 1 for each bought product. */
function ndcg(ranked: number[], relevant: Set<number>): number {
  const gain = (place: number) => 1 / Math.log2(place + 2)
  const found = ranked.slice(0, TOP).reduce((sum, id, place) => sum + (relevant.has(id) ? gain(place) : 0), 0)
  const best = Array.from({ length: Math.min(TOP, relevant.size) }, (_, place) => gain(place)).reduce((sum, one) => sum + one, 0)
  return best === 0 ? 0 : found / best
}

function firstOf(items: Set<number> | undefined): number {
  return items?.values().next().value ?? 0
}

/** The bought products of each known customer, in order, as catalog ids. */
async function readPurchases(sql: Pool): Promise<Map<string, Set<number>>> {
  const products = await sql<{ id: number; sku: string }[]>`
    select id, sku from products where state = 'active'
    union all
    select p.id, v.sku from variants v join products p on p.id = v.product_id where p.state = 'active'`
  const ids = new Map(products.map(({ id, sku }) => [sku, id]))
  const bought = new Map<string, Set<number>>()
  const lines = createReadStream(join(projectRoot, 'db', 'data', 'baskets.csv.gz'))
    .pipe(createGunzip())
    .pipe(parse({ columns: true }))
  for await (const { customer, sku, quantity } of lines as AsyncIterable<Record<string, string>>) {
    const id = ids.get(sku ?? '')
    if (!customer || customer === '0' || id === undefined || Number(quantity) <= 0) continue
    const items = bought.get(customer) ?? new Set()
    bought.set(customer, items.add(id))
  }
  return bought
}

async function addUsers(sql: Pool, count: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    insert into users (email, password, display_name)
    select 'customer' || i || '@evaluation.invalid', '*', 'Customer ' || i from generate_series(1, ${count}::integer) i
    returning id`
  return rows.map((row) => row.id)
}

async function addFavorites(sql: Pool, pairs: (readonly [user_id: number, product_id: number])[]): Promise<void> {
  const users = pairs.map(([user_id]) => user_id)
  const products = pairs.map(([, product_id]) => product_id)
  await sql`
    insert into favorites (user_id, fav_type, fav_id)
    select pair.user_id, 'product', pair.product_id
    from unnest(${users}::bigint[], ${products}::bigint[]) as pair (user_id, product_id)
    on conflict do nothing`
}
