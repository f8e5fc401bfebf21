import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { openQueryLog, type QueryLog } from './query_log.ts'

let db: TestDatabase
let log: QueryLog
beforeAll(async () => {
  db = await openTestDatabase()
  // A new database has no partitions for the months before its first deploy.
  const [row] = await db.sql<{ month: string }[]>`select date_trunc('month', now())::date::text as month`
  for (const parent of ['search_queries', 'search_reformulations'])
    await db.sql.unsafe(`create table ${parent}_before partition of ${parent} for values from (minvalue) to ('${row?.month}')`)
})
afterAll(async () => {
  await db.close()
})
beforeEach(async () => {
  await db.sql`truncate search_queries, search_reformulations`
  log = openQueryLog(db.sql)
})
afterEach(() => log.stop())

const queries = () =>
  db.sql<{ q: string; searches: number; zero_results: number; corrected: number }[]>`
    select q, searches, zero_results, corrected from search_queries order by q`
const pairs = () =>
  db.sql<{ from_q: string; to_q: string; times: number }[]>`select from_q, to_q, times from search_reformulations order by from_q`
const note = (asker: string, q: string, total: number, corrected = false) => log.note({ asker, q, total, corrected })

test('counts queries, one spelling for all ways to type them, and adds up over batches', async () => {
  note('1', 'Silver Ring', 10)
  note('2', ' silver   ring', 10)
  note('3', 'gnoem', 4, true)
  await log.flush()
  note('4', 'silver-ring', 0)
  await log.flush()
  expect([...(await queries())]).toEqual([
    { q: 'gnoem', searches: 1, zero_results: 0, corrected: 1 },
    { q: 'silver ring', searches: 3, zero_results: 1, corrected: 0 },
  ])
})

test('counts a repeated search once, and an empty query not at all', async () => {
  note('1', 'mug', 3)
  note('1', 'mug', 3)
  note('1', '  ', 300)
  await log.flush()
  expect([...(await queries())].map((row) => [row.q, row.searches])).toEqual([['mug', 1]])
})

test("pairs a query without hits with the same person's later query that has hits", async () => {
  note('1', 'billfold', 0)
  note('2', 'gloves', 9)
  note('1', 'wallet', 12)
  note('1', 'purse', 5)
  note('3', 'nothing', 0)
  note('3', 'nothing either', 0)
  await log.flush()
  expect([...(await pairs())]).toEqual([{ from_q: 'billfold', to_q: 'wallet', times: 1 }])
})

test('keeps no address, no number, and nothing about the person', async () => {
  note('203.0.113.9', 'ann@example.com', 0)
  note('203.0.113.9', 'call 0044 20 7946 0958', 0)
  note('203.0.113.9', 'mug', 3)
  await log.flush()
  expect([...(await queries())].map((row) => row.q)).toEqual(['mug'])
  const columns = await db.sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid in ('search_queries'::regclass, 'search_reformulations'::regclass) and attnum > 0`
  expect([...new Set(columns.map((column) => column.name))].sort()).toEqual([
    'corrected',
    'day',
    'from_q',
    'q',
    'searches',
    'times',
    'to_q',
    'zero_results',
  ])
})

test('deletes rare queries after a week and all after 90 days', async () => {
  await db.sql`
    insert into search_queries (day, q, searches) values
      (current_date - 91, 'long ago', 900), (current_date - 8, 'rare', 4), (current_date - 8, 'common', 3),
      (current_date - 9, 'common', 2),
      (current_date - 1, 'new', 1)`
  await db.sql`
    insert into search_reformulations (day, from_q, to_q, times) values
      (current_date - 8, 'a', 'b', 1), (current_date - 8, 'c', 'd', 5)`
  expect((await db.sql`select forget_searches() as count`)[0]?.count).toBe(2)
  expect([...(await queries())].map((row) => row.q)).toEqual(['common', 'common', 'new'])
  expect([...(await pairs())].map((row) => row.from_q)).toEqual(['c'])
})
