import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectStatus } from '../../../../test/support/api.ts'
import type { ApiProcess } from '../../../../test/support/api_process.ts'
import { type Api, openApi } from '../../../../test/support/client.ts'
import { runScript } from '../../../../test/support/commands.ts'
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import { type FaultyNetwork, openFaultyNetwork } from '../../../../test/support/faulty_network.ts'
import { findIndexDifferences } from '../../../../test/support/index_contents.ts'
import { requires } from '../../../../test/support/requirements.ts'
import type { SearchResult } from '../../../../test/support/responses.ts'
import { spawnApi } from '../../../../test/support/server.ts'
import { sharedElasticsearch } from '../../../../test/support/stores/elasticsearch.ts'
import { projectRoot } from '../../../platform/project.ts'
import { columns } from '../../catalog/catalog_row.ts'
import { type Client, openElasticsearch } from './client.ts'
import { dropIndices, listIndices } from './indices.ts'

const WAIT_MS = 90_000

describe.if(requires('elasticsearch'))('the service with Elasticsearch', () => {
  const alias = `test_${crypto.randomUUID().slice(0, 8)}`
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-search-'))
  let database: TestDatabase
  let network: FaultyNetwork
  let client: Client
  let server: ApiProcess
  let api: Api
  let has_been: { search: string; search_degraded: boolean }[] = []
  const variables = () => ({
    DATABASE_URL: database.url,
    ELASTICSEARCH_URL: network.url,
    SEARCH_INDEX: alias,
    PICTURES_DIR: folder,
  })

  beforeAll(async () => {
    database = await openTestDatabase()
    const { url } = await sharedElasticsearch()
    network = await openFaultyNetwork(url)
    client = openElasticsearch(url)
    // The first start loads the shipped catalog while the engine is unreachable.
    network.inject({ kind: 'refuse' })
    server = await spawnApi(variables())
    api = openApi(server.url)
    has_been = [await ready()]
  }, 240_000)
  afterAll(async () => {
    await server.stop()
    await network.stop()
    await dropIndices(client, await listIndices(client, alias))
    await client.close()
    await database.close()
    rmSync(folder, { recursive: true })
  }, 60_000)

  const ready = async () => expectStatus(await api<{ search: string; search_degraded: boolean }>('GET', '/readyz'), 200)
  const search = async (query: string) => {
    const answer = await api<SearchResult>('GET', `/v1/search?${query}`)
    return { ...expectStatus(answer, 200), engine: answer.headers.get('x-search-source') }
  }
  async function until<T>(what: string, look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
    const deadline = Date.now() + WAIT_MS
    for (;;) {
      const seen = await look()
      if (isSo(seen)) return seen
      if (Date.now() > deadline) throw new Error(`it did not come to pass that ${what}: ${JSON.stringify(seen)}`)
      await Bun.sleep(50)
    }
  }
  const run = (command: string, ...words: string[]) => runScript(command, words, variables())
  const writeCatalog = (...rows: string[]): string => {
    const path = join(folder, 'catalog.csv')
    writeFileSync(path, [columns.join(','), ...rows].join('\n'))
    return path
  }

  test('starts without it, and PostgreSQL searches', async () => {
    expect(has_been).toEqual([expect.objectContaining({ status: 'ready', search: 'postgres', search_degraded: true })])
    const page = await search('q=lantern')
    expect(page).toMatchObject({ degraded: true, engine: 'postgres' })
    expect(page.total).toBeGreaterThan(0)
  })

  test('builds the index as soon as it can, and then searches with it', async () => {
    network.inject({ kind: 'none' })
    await until('it is in use', ready, (state) => state.search === 'elasticsearch')
    expect(await ready()).toMatchObject({ search: 'elasticsearch', search_degraded: false })
    expect(await search('q=silver')).toMatchObject({ degraded: false, engine: 'elasticsearch' })
    expect(await findIndexDifferences(database.sql, client, alias)).toEqual([])
  }, 120_000)

  test('shows a change, although the search is cached', async () => {
    expect((await search('q=zorblax&exact=true')).total).toBe(0)
    await database.sql`update products set title = 'Zorblax feather' where id = (select min(id) from products where not has_variants)`
    await until(
      'it is found',
      () => search('q=zorblax&exact=true'),
      (page) => page.total === 1 && page.engine === 'elasticsearch',
    )
    await database.sql`update products set quantity = 0 where id = (select min(id) from products where not has_variants)`
    await until(
      'the listing is not found any more',
      () => search('q=zorblax&exact=true'),
      (page) => page.total === 0,
    )
  }, 120_000)

  test('searches with PostgreSQL when it is cut off, and reports it', async () => {
    network.inject({ kind: 'refuse' })
    expect(await search('q=wooden+bowl&limit=7')).toMatchObject({ degraded: true, engine: 'postgres' })
    expect(await ready()).toMatchObject({ status: 'ready', search: 'postgres', search_degraded: true })
    const page = await search('q=wooden+bowl&limit=5')
    network.inject({ kind: 'none' })
    const next = await until(
      'the same list continues with it',
      () => search(`q=wooden+bowl&limit=5&cursor=${page.next_cursor}`),
      (rest) => !rest.degraded,
    )
    const ids = [...page.items, ...next.items].map((item) => item.id)
    expect(new Set(ids).size).toBe(ids.length)
  }, 120_000)

  test('an import ends when searches show the new rows', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => `x${n},Velvet Fox,Axolotl figure ${n},Small,5.00,1,Home,,,false,2026-01-31`)
    const imported = await run('import', writeCatalog(...rows))
    expect(imported).toMatchObject({ code: 0, errors: '' })
    expect(await search('q=axolotl&limit=3')).toMatchObject({ total: 40, engine: 'elasticsearch' })
    expect(await findIndexDifferences(database.sql, client, alias)).toEqual([])
  }, 120_000)

  test('reindex builds the next index while searches continue', async () => {
    const over = new AbortController()
    const engines = new Map<string | null, number>()
    const load = (async () => {
      for (let n = 0; !over.signal.aborted; n++) {
        const { engine } = await search(`q=silver&price_min=${n % 90}`)
        engines.set(engine, (engines.get(engine) ?? 0) + 1)
      }
    })()
    // The previous build holds its lease until no search reads the index that it replaced.
    const reindex = () => run('reindex')
    const done = await until('no other process builds', reindex, ({ errors }) => !errors.includes('Another process is building'))
    over.abort()
    await load
    // A slow build prints its progress there, a line every 2 s.
    expect(done.errors).toMatch(/^(Indexing \d+ %.*\n?)*$/)
    expect(done.output).toMatch(/^\d+ listings in [\d.]+ s \(\d+\/s\)\.$/)
    expect(done.code).toBe(0)
    expect([...engines.keys()]).toEqual(['elasticsearch'])
    expect(await listIndices(client, alias)).toEqual([`${alias}_v2`])
    expect(await findIndexDifferences(database.sql, client, alias)).toEqual([])
  }, 180_000)

  test('a row of synonyms is in the analyzer within a minute', async () => {
    await database.sql`select add_synonyms('{quokka,wombat}', null)`
    const analyze = async () =>
      (await client.indices.analyze({ index: alias, analyzer: 'etsy_analyzer', text: 'quokka' })).tokens?.map((one) => one.token)
    await until('it is', analyze, (tokens) => tokens?.includes('wombat') === true)
  }, 120_000)

  test('an import without a server also ends when the index has the new rows', async () => {
    await server.stop()
    const imported = await run('import', writeCatalog('y1,Velvet Fox,Narwhal figure,Small,5.00,1,Home,,,false,2026-01-31'))
    expect(imported.code).toBe(0)
    expect((await client.count({ index: alias, query: { match: { title: 'narwhal' } } })).count).toBe(1)
    server = await spawnApi(variables())
    api = openApi(server.url)
    expect(await ready()).toMatchObject({ search: 'elasticsearch', search_degraded: false })
    expect(await search('q=narwhal')).toMatchObject({ total: 1, engine: 'elasticsearch' })
  }, 120_000)

  test('an import does not wait for an engine that does not follow', async () => {
    network.inject({ kind: 'refuse' })
    const imported = await run('import', writeCatalog('z1,Velvet Fox,Okapi figure,Small,5.00,1,Home,,,false,2026-01-31'))
    expect(imported.code).toBe(0)
    expect(imported.errors).toContain('Elasticsearch is behind: 1 listings will reach it later.')
    network.inject({ kind: 'none' })
    await until(
      'it has come',
      () => search('q=okapi'),
      (page) => page.total === 1 && page.engine === 'elasticsearch',
    )
  }, 180_000)
})

test('reindex without Elasticsearch brings the index of PostgreSQL up to date', async () => {
  const database = await openTestDatabase()
  try {
    await database.sql`insert into users (email, password, display_name) values ('a@example.com', '*', 'A')`
    await database.sql`insert into shops (owner_id, name) select id, 'Shop' from users`
    await database.sql`
      insert into products (shop_id, title, price, quantity)
      select s.id, 'Mug ' || n, 5, 1 from shops s, generate_series(1, 230) n`
    await database.sql`update products set archived_at = now() where id = (select max(id) from products)`
    const contents = () =>
      database.sql`select product_id, title::text, document::text, in_stock from product_search order by product_id`
    const before = [...(await contents())]
    await database.sql`delete from product_search where product_id % 3 = 0`
    await database.sql`update product_search set title = '' where product_id % 3 = 1`
    const spawned = Bun.spawn([process.execPath, join(projectRoot, 'src', 'commands', 'reindex.ts')], {
      env: { ...process.env, DATABASE_URL: database.url, ELASTICSEARCH_URL: '' },
      stdout: 'pipe',
      stderr: 'pipe',
    })
    expect(await new Response(spawned.stdout).text()).toStartWith('229 listings in ')
    expect(await spawned.exited).toBe(0)
    expect([...(await contents())]).toEqual(before)
    expect(before).toHaveLength(229)
  } finally {
    await database.close()
  }
}, 60_000)
