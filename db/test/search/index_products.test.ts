import { expect, test } from 'bun:test'
import { openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import { loadShippedSynonyms } from '../../../src/domains/search/synonyms.ts'
import { refreshVocabulary } from '../../../src/domains/search/vocabulary.ts'
import { testDatabase } from '../test_database.ts'
import { searchFor, walk } from './catalog.ts'

const db = await testDatabase()
const shop_id = await db.makeShop()

const list = (title: string, tags: string[] = []) => db.value<number>`
  insert into products (shop_id, title, tags, price) values (${shop_id}, ${title}, ${tags}, 10) returning id`

async function find(q: string): Promise<number[]> {
  const page = await openPostgresBackend(db.sql).search(searchFor({ q, limit: 100 }))
  return (JSON.parse(page.items) as { id: number }[]).map((item) => item.id)
}

const listingsOf = async (word: string) =>
  (await db.sql<{ listings: number }[]>`select listings from search_words where word = ${word}`)[0]?.listings ?? 0

test('a new listing, a changed title, an archived one: search follows at once', async () => {
  const id = await list('Walnut spoon', ['kitchen'])
  expect(await find('walnut')).toEqual([id])
  expect(await find('kitchen')).toEqual([id])
  await db.sql`update products set title = 'Cherry spoon' where id = ${id}`
  expect(await find('cherry')).toEqual([id])
  expect(await find('walnut')).toEqual([])
  await db.sql`update products set archived_at = now() where id = ${id}`
  expect(await find('cherry')).toEqual([])
})

test('a sold-out listing disappears and returns with its stock; a sale that leaves units writes nothing', async () => {
  const other = await list('Knitted gnome')
  const id = await list('Felted gnome')
  await db.sql`update products set quantity = 3 where id = ${id}`
  const version = () => db.value<unknown>`select xmin::text from product_search where product_id = ${id}`
  const before = await version()
  await db.sql`update products set quantity = 2 where id = ${id}`
  expect(await version()).toBe(before)
  await db.sql`update products set quantity = 0 where id = ${id}`
  expect(await find('gnome')).toEqual([other])
  await db.sql`update products set quantity = 2 where id = ${id}`
  expect((await find('gnome')).toSorted()).toEqual([other, id].toSorted())
})

test('the vocabulary counts each listing once, and deletes unused words', async () => {
  const first = await list('Quokka mug', ['quokka'])
  await list('Quokka bowl')
  await refreshVocabulary(db.sql)
  expect(await listingsOf('quokka')).toBe(2)
  await db.sql`update products set title = 'Wombat mug', tags = '{}' where id = ${first}`
  await refreshVocabulary(db.sql)
  expect(await listingsOf('quokka')).toBe(1)
  expect(await listingsOf('wombat')).toBe(1)
  await db.sql`update products set archived_at = now() where id = ${first}`
  await refreshVocabulary(db.sql)
  expect(await listingsOf('wombat')).toBe(0)
})

test('an edited synonym counts in the next search', async () => {
  const id = await list('Amigurumi owl')
  expect(await find('crocheted')).toEqual([])
  await db.sql`insert into search_synonyms (terms) values ('{crocheted,amigurumi}')`
  expect(await find('crocheted')).toEqual([id])
  await db.sql`delete from search_synonyms where 'amigurumi' = any(terms)`
  expect(await find('crocheted')).toEqual([])
})

test('a one-way synonym works one way', async () => {
  const pouch = await list('Kiltpin')
  const brooch = await list('Fibula')
  await db.sql`insert into search_synonyms (terms, means) values ('{kiltpin}', '{kiltpin,fibula}')`
  expect((await find('kiltpin')).toSorted()).toEqual([pouch, brooch].toSorted())
  expect(await find('fibula')).toEqual([brooch])
})

test("shipped synonyms load once; an operator's changes stay", async () => {
  // migrate() has loaded them.
  expect(await db.value<number>`select count(*)::integer from loaded_synonyms`).toBeGreaterThan(100)
  await db.sql`delete from search_synonyms where terms @> '{couch,sofa}'`
  await db.sql`update search_synonyms set terms = terms || '{velocipede}'::text[] where terms @> '{cart,trolley}'`
  expect(await loadShippedSynonyms(db.sql)).toBe(0)
  const kept = await db.sql`select terms from search_synonyms where terms @> '{couch,sofa}' or terms @> '{velocipede}'`
  expect(kept.map((row) => row.terms)).toEqual([['cart', 'trolley', 'velocipede']])
})

test('above 10,000 matches the total is a lower bound, and every listing is still reachable', async () => {
  await db.sql`
    insert into products (shop_id, title, price, quantity)
    select s.id, 'Bead number ' || n, 1 + n % 200, 1 from shops s, generate_series(1, 10050) n`
  const backend = openPostgresBackend(db.sql)
  const page = await backend.search(searchFor({ q: 'bead', sort: 'price_asc' }))
  expect(page).toMatchObject({ total: 10_000, total_is_lower_bound: true })
  const hits = await walk(backend, { q: 'bead', sort: 'price_asc', limit: 2000 })
  expect(new Set(hits.map(({ id }) => id)).size).toBe(10_050)
}, 60_000)
