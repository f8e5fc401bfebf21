import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { openCatalogDatabase, searchFor } from '../../../db/test/search/catalog.ts'
import type { TestDatabase } from '../../../test/support/database.ts'
import { openTestIndex, type TestIndex } from '../../../test/support/elasticsearch.ts'
import { type FaultyNetwork, openFaultyNetwork } from '../../../test/support/faulty_network.ts'
import { requires } from '../../../test/support/requirements.ts'
import { isUnreachable } from '../../platform/database_errors.ts'
import { openPool } from '../../platform/db/client.ts'
import type { EngineName, SearchEngines, SearchSort } from './backend.ts'
import { openElasticsearchBackend } from './elasticsearch/backend.ts'
import { type Breaker, openBreaker } from './elasticsearch/breaker.ts'
import { type Client, openElasticsearch } from './elasticsearch/client.ts'
import { openEngines } from './engines.ts'

type Asked = Parameters<typeof searchFor>[0]
type Found = Awaited<ReturnType<SearchEngines['search']>>

const log = pino({ level: 'silent' })
const SORTS: SearchSort[] = ['relevance', 'newest', 'price_asc', 'price_desc']
const idsOf = (page: { items: string }) => (JSON.parse(page.items) as { id: number }[]).map((item) => item.id)

let database: TestDatabase
beforeAll(async () => {
  database = await openCatalogDatabase()
}, 240_000)
afterAll(() => database.close())

/** Runs `work` while full text fails. */
async function withoutFullText<T>(work: () => Promise<T>): Promise<T> {
  await database.sql`alter table product_search rename to product_search_lost`
  try {
    return await work()
  } finally {
    await database.sql`alter table product_search_lost rename to product_search`
  }
}

/** Reads a whole list. `before` sets which engine runs each page. */
async function walk(engines: SearchEngines, asked: Asked, before: (page: number) => unknown): Promise<Found[]> {
  const pages: Found[] = []
  let after: unknown[] | null = null
  do {
    await before(pages.length)
    const page: Found = await engines.search(searchFor({ ...asked, after }))
    pages.push(page)
    after = page.next && JSON.parse(JSON.stringify(page.next))
  } while (after)
  return pages
}

describe('without Elasticsearch', () => {
  test('PostgreSQL searches, and is not a replacement', async () => {
    const engines = openEngines({ sql: database.sql, log })
    expect(await engines.search(searchFor({ q: 'lantern' }))).toMatchObject({ engine: 'postgres', degraded: false })
    expect(engines.state()).toEqual({ engine: 'postgres', degraded: false })
  })

  test('without full text the fallback searches, with the same envelope, until full text is back', async () => {
    const engines = openEngines({ sql: database.sql, log })
    const page = await withoutFullText(() => engines.search(searchFor({ q: 'lantern' })))
    expect(page).toMatchObject({ engine: 'plain', degraded: true })
    expect(engines.state()).toEqual({ engine: 'plain', degraded: true })
    const better = await engines.search(searchFor({ q: 'lantern' }))
    expect(better).toMatchObject({ engine: 'postgres', degraded: false })
    expect(Object.keys(page).sort()).toEqual(Object.keys(better).sort())
    expect(Object.keys(JSON.parse(page.facets))).toEqual(Object.keys(JSON.parse(better.facets)))
    expect(engines.state()).toEqual({ engine: 'postgres', degraded: false })
  })

  test('suggestions are empty without their tables, and no error', async () => {
    const engines = openEngines({ sql: database.sql, log })
    expect(await engines.suggest('lan', 5)).not.toEqual([])
    await database.sql`alter table search_words rename to search_words_lost`
    expect(await engines.suggest('lan', 5)).toEqual([])
    await database.sql`alter table search_words_lost rename to search_words`
  })

  test("a rule's rejection is final, and no other engine runs", async () => {
    const engines = openEngines({ sql: database.sql, log })
    expect(engines.search(searchFor({ category: 'no-such-category' }))).rejects.toMatchObject({ code: 'SWINV' })
    expect(engines.state().engine).toBe('postgres')
  })

  test('without PostgreSQL every engine fails', async () => {
    const nobody = openPool('postgres://nobody@127.0.0.1:9/nothing', { max: 1, name: 'test', statement_timeout_ms: 1000 })
    const engines = openEngines({ sql: nobody, log })
    const error = await engines.search(searchFor({})).catch((error) => error)
    expect(isUnreachable(error)).toBe(true)
    expect(engines.state().engine).toBe('postgres')
    await nobody.end()
  })

  test.each(SORTS)('a list by %s that full text began continues without it, and back', async (sort) => {
    const engines = openEngines({ sql: database.sql, log })
    const pages: Found[] = []
    for (let n = 0; n < 6; n++) {
      const after = pages.at(-1)?.next ?? null
      const next = () => engines.search(searchFor({ q: 'silver ring', sort, after, limit: 4 }))
      pages.push(n % 2 ? await withoutFullText(next) : await next())
    }
    expect(pages.map((page) => page.engine)).toEqual(['postgres', 'plain', 'postgres', 'plain', 'postgres', 'plain'])
    const ids = pages.flatMap(idsOf)
    expect(ids).toHaveLength(24)
    expect(new Set(ids).size).toBe(24)
  })
})

describe.if(requires('elasticsearch'))('with Elasticsearch', () => {
  let index: TestIndex
  let network: FaultyNetwork
  let client: Client
  let breaker: Breaker | undefined
  beforeAll(async () => {
    // Times within one millisecond, which engines must not treat as equal.
    await database.sql`
      update products set created_at = '2026-03-01T12:00:00Z'::timestamptz + (random() * 900)::integer * interval '1 microsecond'
      where title ilike '%ring%'`
    index = await openTestIndex(database.sql)
    await index.fill()
    network = await openFaultyNetwork(index.url)
    client = openElasticsearch(network.url)
  }, 240_000)
  afterAll(async () => {
    breaker?.close()
    await client.close()
    await network.stop()
    await index.close()
  })

  /** Longer than everything in these tests, except where a test waits for it. */
  const TIMES = { timeout: 60_000, resetTimeout: 60_000, slow: 60_000 }

  function open(times: Partial<typeof TIMES> = {}, isReady?: () => boolean): SearchEngines {
    breaker?.close()
    const guard = openBreaker({ ...TIMES, ...times })
    breaker = guard
    network.inject({ kind: 'none' })
    const backend = openElasticsearchBackend(database.sql, client, index.alias, guard.startSearch)
    const elasticsearch = {
      ...backend,
      canSearch: () => guard.state() !== 'open' && (isReady?.() ?? true),
      isHealthy: () => guard.state() === 'closed' && (isReady?.() ?? true),
    }
    return openEngines({ sql: database.sql, elasticsearch, log })
  }

  test('it searches, and PostgreSQL does while it is unreachable, with the same result', async () => {
    const engines = open()
    const page = await engines.search(searchFor({ q: 'lantern' }))
    expect(page).toMatchObject({ engine: 'elasticsearch', degraded: false })
    expect(engines.state()).toEqual({ engine: 'elasticsearch', degraded: false })
    network.inject({ kind: 'refuse' })
    const other = await engines.search(searchFor({ q: 'lantern' }))
    expect(other).toMatchObject({ engine: 'postgres', degraded: true, total: page.total })
    expect(Object.keys(other).sort()).toEqual(Object.keys(page).sort())
    expect(engines.state()).toEqual({ engine: 'postgres', degraded: true })
  })

  test("if both fail the fallback searches; a rule's rejection stays final", async () => {
    const engines = open()
    network.inject({ kind: 'refuse' })
    const page = await withoutFullText(() => engines.search(searchFor({ q: 'lantern' })))
    expect(page).toMatchObject({ engine: 'plain', degraded: true })
    expect(engines.search(searchFor({ category: 'no-such-category' }))).rejects.toMatchObject({ code: 'SWINV' })
  })

  test('an engine that is not ready gets no search', async () => {
    const engines = open({}, () => false)
    const before = network.countConnections()
    expect(await engines.search(searchFor({ q: 'lantern' }))).toMatchObject({ engine: 'postgres', degraded: true })
    expect(engines.state()).toEqual({ engine: 'postgres', degraded: true })
    expect(network.countConnections()).toBe(before)
  })

  test('a call without a response is aborted', async () => {
    const engines = open({ timeout: 200 })
    network.inject({ kind: 'black_hole' })
    const before = network.countSwallowed()
    expect(await engines.search(searchFor({ q: 'lantern' }))).toMatchObject({ engine: 'postgres', degraded: true })
    const deadline = Date.now() + 10_000
    while (network.countSwallowed() === before && Date.now() < deadline) await Bun.sleep(5)
    expect(network.countSwallowed()).toBe(before + 1)
  })

  test('a slow response is returned, and ten of them open the breaker', async () => {
    const engines = open({ slow: 50 })
    network.inject({ kind: 'slow', by_ms: 60 })
    const served: string[] = []
    while (breaker?.state() === 'closed') served.push((await engines.search(searchFor({ q: 'lantern' }))).engine)
    // A search with few hits makes three calls.
    expect(served.length).toBeGreaterThanOrEqual(3)
    expect(new Set(served)).toEqual(new Set(['elasticsearch']))
    expect(await engines.search(searchFor({ q: 'lantern' }))).toMatchObject({ engine: 'postgres', degraded: true })
  })

  test('an open breaker makes no call; after its pause one probe closes it', async () => {
    const engines = open({ resetTimeout: 1000 })
    network.inject({ kind: 'refuse' })
    while (breaker?.state() === 'closed') await engines.search(searchFor({ q: 'silver' }))
    const before = network.countConnections()
    await Promise.all(Array.from({ length: 20 }, () => engines.search(searchFor({ q: 'silver' }))))
    // At most one: on a slow machine the pause can have ended, so that the probe has begun.
    expect(network.countConnections() - before).toBeLessThanOrEqual(1)
    network.inject({ kind: 'none' })
    while (breaker?.state() !== 'waiting') await Bun.sleep(10)
    expect(engines.state()).toEqual({ engine: 'postgres', degraded: true })
    const all = await Promise.all(Array.from({ length: 20 }, () => engines.search(searchFor({ q: 'silver' }))))
    expect(all.filter((page) => page.engine === 'elasticsearch').length).toBeGreaterThanOrEqual(1)
    expect(await engines.search(searchFor({ q: 'silver' }))).toMatchObject({ engine: 'elasticsearch', degraded: false })
    expect(engines.state()).toEqual({ engine: 'elasticsearch', degraded: false })
  })

  const walks: Asked[] = SORTS.flatMap((sort) => [
    { q: 'silver ring', sort, limit: 7 },
    { q: null, category: 'jewelry', sort, limit: 60 },
  ])
  test.each(walks)('a list that changes engines with every page loses and repeats nothing: %j', async (asked) => {
    let is_well = true
    const engines = open({}, () => is_well)
    const pages = await walk(engines, asked, (page) => {
      is_well = page % 2 === 0
    })
    const named: EngineName[] = pages.map((page) => page.engine)
    expect(named).toEqual(pages.map((_, n) => (n % 2 === 0 ? 'elasticsearch' : 'postgres')))
    const ids = pages.flatMap(idsOf)
    expect(pages.length).toBeGreaterThan(3)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(pages[0]?.total as number)
  })

  test('also a list of more than 250 hits', async () => {
    let is_well = true
    const engines = open({}, () => is_well)
    const pages = await walk(engines, { q: 'vintage', limit: 100 }, (page) => {
      is_well = page < 3
    })
    expect(pages[0]?.total).toBeGreaterThan(350)
    expect(new Set(pages.flatMap(idsOf)).size).toBe(pages[0]?.total as number)
    const longest = Math.max(...pages.map((page) => JSON.stringify(page.next).length))
    // The text must fit into a cursor, which is a third longer and has a signature.
    expect(longest).toBeLessThan(4400)
  })
})
