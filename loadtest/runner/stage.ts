/** Prepares the data of a load directly in the database, because hashing thousands of passwords would take minutes. */
import { readRelevanceSet } from '../../bench/relevance/rate_relevance.ts'
import type { Sql } from '../../src/platform/db/client.ts'
import { addVariants, type Listing, listItems, makePeople, openShops, type Shop } from '../../test/support/people.ts'
import { readBaskets } from './baskets.ts'

/** The form that loadtest/lib/stage.ts reads. That file describes each part. */
export type Stage = {
  people: string[]
  crowd: string[]
  sellers: { token: string; shop_id: number; product_ids: number[] }[]
  goods: { id: number; shop_id: number; variants: number[]; takes_text: boolean }[]
  listings: number[]
  shops: number[]
  categories: string[]
  queries: string[]
  baskets: { rank: number; quantity: number }[][]
  rarities: { id: number; quantity: number }[]
}

/** Enough that each virtual user of k6 has its own cart. */
const PEOPLE = 2000
const SHOPS = 240
const GOODS = 2000
const SELLERS = 20
const LISTINGS_OF_A_SELLER = 10
const RARE = 10
const LISTINGS_LOOKED_AT = 20_000
const PHRASES = 5000
const BASKETS = 2000
const MAX_LINES = 12

/**
 * Adds people, shops and listings to a catalog, which must not be empty. `crowd` is the number of buyers of a flash sale. The
 * email addresses of these people start with `group`.
 */
export async function prepareStage(sql: Sql, { crowd }: { crowd: number }, group: string): Promise<Stage> {
  const tokensOf = async (count: number) => (count > 0 ? (await makePeople(sql, count, group)).map(({ token }) => token) : [])
  const catalog = await readCatalog(sql)
  if (catalog.listings.length === 0) throw new Error('Nothing is listed: run "bun run import" or "bun run seed" first.')
  const stalls = await openShops(sql, SHOPS, group)
  const goods = await vary(sql, await listItems(sql, stalls, Array(GOODS).fill(1_000_000)))
  await addRates(sql, stalls.filter(isTenth))
  const shops = await openShops(sql, SELLERS, group)
  const changed = await listItems(sql, shops, Array(SELLERS * LISTINGS_OF_A_SELLER).fill(1))
  const [rarity] = await listItems(sql, shops.slice(0, 1), [RARE])
  return {
    ...catalog,
    people: await tokensOf(PEOPLE),
    crowd: await tokensOf(crowd),
    sellers: shops.map(({ shop_id, seller }) => ({
      shop_id,
      token: seller.token,
      product_ids: changed.filter((listing) => listing.shop_id === shop_id).map(({ id }) => id),
    })),
    goods,
    queries: [...readQueries(), ...(await readPhrases(sql))],
    baskets: await rankBaskets(),
    rarities: rarity ? [{ id: rarity.id, quantity: RARE }] : [],
  }
}

const isTenth = (_: unknown, place: number) => place % 10 === 0

/** Gives every tenth listing variants, and the one after it a text to put on the item. */
async function vary(sql: Sql, listings: Listing[]): Promise<Stage['goods']> {
  const varied = new Map((await addVariants(sql, listings.filter(isTenth))).map(({ id, variants }) => [id, variants]))
  const personal = new Set(listings.filter((_, place) => place % 10 === 1).map(({ id }) => id))
  const personalization = { instructions: 'The name to put on it', is_required: true, max_length: 100 }
  await sql`update products set personalization = ${sql.json(personalization)} where id = any (${[...personal]})`
  return listings.map(({ id, shop_id }) => ({ id, shop_id, variants: varied.get(id) ?? [], takes_text: personal.has(id) }))
}

/** Gives shops a rate to Germany and to the European Union. */
async function addRates(sql: Sql, shops: Shop[]): Promise<void> {
  const rates = ['DE', 'eu', 'world'].map((to, n) => ({
    to,
    base: `${2 + n}.50`,
    per_extra_item: '0.50',
    days_min: 1 + n,
    days_max: 3 + n,
  }))
  for (const { shop_id, seller } of shops)
    await sql`
      select from find_default_profile(${shop_id}) p
      cross join lateral change_shipping_profile(p.id, ${seller.id}, ${sql.json({ rates })})`
}

/** Reads the catalog in an order that is the same in every run and independent of the age of a listing. */
async function readCatalog(sql: Sql): Promise<Pick<Stage, 'listings' | 'shops' | 'categories'>> {
  const listings = await sql<{ id: number }[]>`
    select id from products where archived_at is null order by md5(id::text) limit ${LISTINGS_LOOKED_AT}`
  const shops = await sql<{ id: number }[]>`select id from shops order by md5(id::text) limit 1000`
  const categories = await sql<{ slug: string }[]>`
    select c.slug from categories c where exists (select from products p where p.category_id = c.id) order by c.slug`
  return {
    listings: listings.map(({ id }) => id),
    shops: shops.map(({ id }) => id),
    categories: categories.map(({ slug }) => slug),
  }
}

/** Returns the queries of the relevance set, clean and misspelled ones alternately until no clean one is left. */
export function readQueries(): string[] {
  const { queries } = readRelevanceSet()
  const choose = (is_clean: boolean) => queries.filter(({ variant }) => (variant === 'clean') === is_clean)
  const [clean, misspelled] = [choose(true), choose(false)]
  return misspelled.flatMap((query, place) => [...clean.slice(place, place + 1), query]).map(({ text }) => text)
}

/** Returns the first two words of titles, as the long tail of queries. */
async function readPhrases(sql: Sql): Promise<string[]> {
  const rows = await sql<{ phrase: string }[]>`
    select distinct (regexp_match(lower(title), '^\\w+ \\w+'))[1] as phrase from products where title ~ '^\\w+ \\w+'
    order by 1 limit ${PHRASES}`
  return rows.map(({ phrase }) => phrase).toSorted((one, other) => (Bun.hash(one) < Bun.hash(other) ? -1 : 1))
}

/** Returns the shipped baskets. The rank of an item is its place among the items that most baskets contain. */
async function rankBaskets(): Promise<Stage['baskets']> {
  const baskets = await readBaskets(MAX_LINES, BASKETS)
  const counts = new Map<string, number>()
  for (const { lines } of baskets) for (const { sku } of lines) counts.set(sku, (counts.get(sku) ?? 0) + 1)
  const ranked = [...counts].toSorted(([, one], [, other]) => other - one).map(([sku]) => sku)
  const ranks = new Map(ranked.map((sku, rank) => [sku, rank]))
  return baskets.map(({ lines }) => lines.map(({ sku, quantity }) => ({ rank: ranks.get(sku) ?? 0, quantity })))
}
