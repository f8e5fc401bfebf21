import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { testDatabase } from '../test_database.ts'

type Candidate = [id: number, key: number]
type Cursor = [string, { from?: [number, number] | null; shown?: number[] }]

const SHOPS = 12
const LISTINGS = 700

const db = await testDatabase()
const shops: number[] = []
for (let n = 0; n < SHOPS; n++) shops.push(await db.makeShop())
await db.sql`
  insert into products (shop_id, title, price)
  select (${shops}::bigint[])[1 + n % ${SHOPS}], 'Mug ' || n, 9 from generate_series(1, ${LISTINGS}::integer) n`
const listings = await db.rows<{ id: number; shop_id: number }>`select id, shop_id from products order by id`
const ids = listings.map(({ id }) => id)
const shopOf = new Map(listings.map(({ id, shop_id }) => [id, shop_id]))
const [fan, stranger] = await db.makeUsers(2)
await db.sql`
  insert into favorites (user_id, fav_type, fav_id)
  select ${fan}::bigint, 'product', p.id from (select id from products order by id limit 30 offset 100) p
  union all select ${fan}::bigint, 'shop', ${shops[3] as number}::bigint`

/** Returns one page of an engine's hits: the candidates in the window of the cursor. */
async function showPage(found: Candidate[], after: Cursor | null, limit: number, user_id: number | null) {
  const [key, id] = after?.[1].from ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const rest = found.filter((hit) => hit[1] < key || (hit[1] === key && hit[0] < id))
  const window = rest.slice(0, 200 + (after?.[1].shown?.length ?? 0))
  const [row] = await db.sql<{ items: string; next: Cursor | null }[]>`
    select items, next from show_hits(
      ${db.sql.json(window)}, ${rest.length > window.length}, true, ${user_id}, 'relevance',
      ${after && db.sql.json(after as never)}, ${limit}
    )`
  return { ids: (JSON.parse(row?.items ?? '[]') as { id: number }[]).map((item) => item.id), next: row?.next ?? null }
}

async function walk(found: Candidate[], limits: number[], user_id: number | null): Promise<number[]> {
  const walked: number[] = []
  let after: Cursor | null = null
  for (let page = 0; page < 1000; page++) {
    const { ids, next } = await showPage(found, after, limits[page % limits.length] as number, user_id)
    walked.push(...ids)
    if (next === null) return walked
    expect(JSON.stringify(next).length).toBeLessThan(3500)
    after = next
  }
  throw new Error('a walk without an end')
}

/** Makes candidates from some shops, in natural order, with many equal scores. */
const catalogs = fc
  .record({
    count: fc.integer({ min: 0, max: 450 }),
    shops: fc.integer({ min: 1, max: SHOPS }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ count, shops, seed }) => {
    const allowed = ids.filter((_, n) => n % SHOPS < shops).slice(0, count)
    const score = (id: number) => 1_000_000 + (((id * 7919) ^ seed) % 97) * 10_000
    return allowed.map((id): Candidate => [id, score(id)]).sort((a, b) => b[1] - a[1] || b[0] - a[0])
  })

describe('show_hits', () => {
  test('pages of any size lose and repeat nothing, personal or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        catalogs,
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (found, sizes, isPersonal) => {
          // Tiny pages of large catalogs take long and test nothing more.
          const limits = sizes.map((size) => Math.max(size, Math.ceil(found.length / 40)))
          const walked = await walk(found, limits, isPersonal ? fan : null)
          expect(walked.toSorted((a, b) => a - b)).toEqual(found.map(([id]) => id).sort((a, b) => a - b))
        },
      ),
      { numRuns: 40 },
    )
  }, 120_000)

  test('at most 3 of a shop are in the first 20, whatever the page size, and the rest keeps its order', async () => {
    const few = shopOf.get(ids[0] as number)
    const found = [
      ...ids.filter((id) => shopOf.get(id) === few).slice(0, 30),
      ...ids.filter((id) => shopOf.get(id) !== few).slice(0, 100),
    ].map((id, n): Candidate => [id, 2_000_000 - n])
    for (const limits of [[7], [20], [3, 50], [100]]) {
      const walked = await walk(found, limits, null)
      const counts = Map.groupBy(walked.slice(0, 20), (id) => shopOf.get(id))
      expect(Math.max(...[...counts.values()].map((of) => of.length))).toBe(3)
      const places = walked.slice(20).map((id) => found.findIndex((hit) => hit[0] === id))
      expect(places).toEqual(places.toSorted((a, b) => a - b))
    }
  })

  test('a single shop fills the page', async () => {
    const shop = shopOf.get(ids[0] as number)
    const found = ids.filter((id) => shopOf.get(id) === shop).map((id, n): Candidate => [id, 5000 - n])
    expect((await showPage(found, null, 24, null)).ids).toEqual(found.slice(0, 24).map(([id]) => id))
  })

  test('omits listings that only the index still has, and fills the page', async () => {
    const found = ids.slice(300, 360).map((id, n): Candidate => [id, 9000 - n])
    const [soldOut, archived] = [found[0]?.[0] as number, found[5]?.[0] as number]
    await db.sql`update products set quantity = 0 where id = ${soldOut}`
    await db.sql`update products set archived_at = now() where id = ${archived}`
    const walked = await walk(found, [24], null)
    expect(walked).toHaveLength(58)
    expect(walked).not.toContain(soldOut)
    expect(walked).not.toContain(archived)
    expect((await showPage(found, null, 24, null)).ids).toHaveLength(24)
    await db.sql`update products set quantity = 1, archived_at = null where id in (${soldOut}, ${archived})`
  })

  test('taste raises only equally good hits, for that user only', async () => {
    const buyer = await db.makeUser()
    const [plain, liked, best] = [ids[1], ids[2], ids[4]] as [number, number, number]
    await db.sql`insert into favorites (user_id, fav_type, fav_id) values (${buyer}, 'shop', ${shopOf.get(liked) as number})`
    const found: Candidate[] = [
      [best, 3_600_000],
      [plain, 2_500_000],
      [liked, 2_450_000],
    ]
    expect((await showPage(found, null, 24, buyer)).ids).toEqual([best, liked, plain])
    expect((await showPage(found, null, 24, null)).ids).toEqual([best, plain, liked])
    expect((await showPage(found, null, 24, stranger)).ids).toEqual([best, plain, liked])
  })
})
