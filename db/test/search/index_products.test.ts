import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import { loadShippedSynonyms } from '../../../src/domains/search/synonyms.ts'
import { refreshVocabulary } from '../../../src/domains/search/vocabulary.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { searchFor } from './catalog.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
  await database.sql`insert into users (email, password, display_name) values ('ann@example.com', '*', 'Ann')`
  await database.sql`insert into shops (owner_id, name) select id, 'Ann''s' from users`
})
afterAll(() => database.close())

async function list(title: string, tags: string[] = [], quantity = 1): Promise<number> {
  const [row] = await database.sql<{ id: number }[]>`
    insert into products (shop_id, title, tags, price, quantity) select id, ${title}, ${tags}, 10, ${quantity} from shops returning id`
  return row?.id ?? 0
}

async function find(q: string): Promise<number[]> {
  const page = await openPostgresBackend(database.sql).search(searchFor({ q, limit: 100 }))
  return (JSON.parse(page.items) as { id: number }[]).map((item) => item.id)
}

const listingsOf = async (word: string) =>
  (await database.sql<{ listings: number }[]>`select listings from search_words where word = ${word}`)[0]?.listings ?? 0

test('a new listing, a changed title, an archived one: search follows at once', async () => {
  const id = await list('Walnut spoon', ['kitchen'])
  expect(await find('walnut')).toEqual([id])
  expect(await find('kitchen')).toEqual([id])
  await database.sql`update products set title = 'Cherry spoon' where id = ${id}`
  expect(await find('cherry')).toEqual([id])
  expect(await find('walnut')).toEqual([])
  await database.sql`update products set archived_at = now() where id = ${id}`
  expect(await find('cherry')).toEqual([])
})

test('a sold-out listing disappears and returns with its stock; a sale that leaves units writes nothing', async () => {
  const other = await list('Knitted gnome')
  const id = await list('Felted gnome')
  await database.sql`update products set quantity = 3 where id = ${id}`
  const version = async () => (await database.sql`select xmin::text from product_search where product_id = ${id}`)[0]?.xmin
  const before = await version()
  await database.sql`update products set quantity = 2 where id = ${id}`
  expect(await version()).toBe(before)
  await database.sql`update products set quantity = 0 where id = ${id}`
  expect(await find('gnome')).toEqual([other])
  await database.sql`update products set quantity = 2 where id = ${id}`
  expect((await find('gnome')).toSorted()).toEqual([other, id].toSorted())
})

test('the vocabulary counts each listing once, and deletes unused words', async () => {
  const first = await list('Quokka mug', ['quokka'])
  await list('Quokka bowl')
  await refreshVocabulary(database.sql)
  expect(await listingsOf('quokka')).toBe(2)
  await database.sql`update products set title = 'Wombat mug', tags = '{}' where id = ${first}`
  await refreshVocabulary(database.sql)
  expect(await listingsOf('quokka')).toBe(1)
  expect(await listingsOf('wombat')).toBe(1)
  await database.sql`update products set archived_at = now() where id = ${first}`
  await refreshVocabulary(database.sql)
  expect(await listingsOf('wombat')).toBe(0)
})

test('an edited synonym counts in the next search', async () => {
  const id = await list('Amigurumi owl')
  expect(await find('crocheted')).toEqual([])
  await database.sql`insert into search_synonyms (terms) values ('{crocheted,amigurumi}')`
  expect(await find('crocheted')).toEqual([id])
  await database.sql`delete from search_synonyms where 'amigurumi' = any(terms)`
  expect(await find('crocheted')).toEqual([])
})

test('a one-way synonym works one way', async () => {
  const pouch = await list('Kiltpin')
  const brooch = await list('Fibula')
  await database.sql`insert into search_synonyms (terms, means) values ('{kiltpin}', '{kiltpin,fibula}')`
  expect((await find('kiltpin')).toSorted()).toEqual([pouch, brooch].toSorted())
  expect(await find('fibula')).toEqual([brooch])
})

test("shipped synonyms load once; an operator's changes stay", async () => {
  // migrate() has loaded them.
  const [loaded] = await database.sql`select count(*)::integer as lines from loaded_synonyms`
  expect(loaded?.lines).toBeGreaterThan(100)
  await database.sql`delete from search_synonyms where terms @> '{couch,sofa}'`
  await database.sql`update search_synonyms set terms = terms || '{velocipede}'::text[] where terms @> '{cart,trolley}'`
  expect(await loadShippedSynonyms(database.sql)).toBe(0)
  const kept = await database.sql`select terms from search_synonyms where terms @> '{couch,sofa}' or terms @> '{velocipede}'`
  expect(kept.map((row) => row.terms)).toEqual([['cart', 'trolley', 'velocipede']])
})

test('above 10,000 matches the total is a lower bound, and every listing is still reachable', async () => {
  await database.sql`
    insert into products (shop_id, title, price, quantity)
    select s.id, 'Bead number ' || n, 1 + n % 200, 1 from shops s, generate_series(1, 10050) n`
  const backend = openPostgresBackend(database.sql)
  const page = await backend.search(searchFor({ q: 'bead', sort: 'price_asc' }))
  expect(page).toMatchObject({ total: 10_000, total_is_lower_bound: true })
  const ids = new Set<number>()
  let after: unknown[] | null = null
  do {
    const next = await backend.search(searchFor({ q: 'bead', sort: 'price_asc', after, limit: 2000 }))
    for (const item of JSON.parse(next.items) as { id: number }[]) ids.add(item.id)
    after = next.next
  } while (after)
  expect(ids.size).toBe(10_050)
}, 60_000)
