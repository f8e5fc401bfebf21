import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openCatalogDatabase } from '../../../../db/test/search/catalog.ts'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { openTestIndex, type TestIndex } from '../../../../test/support/elasticsearch.ts'
import { type FaultyNetwork, openFaultyNetwork } from '../../../../test/support/faulty_network.ts'
import { requires } from '../../../../test/support/requirements.ts'
import { EVERYTHING } from '../backend.ts'
import { openElasticsearchBackend } from './backend.ts'
import { type Client, openElasticsearch, searchOptions } from './client.ts'
import { createIndex, fitReplicas, readIndexFile } from './indices.ts'

const WAIT_MS = 60_000

describe.if(requires('elasticsearch'))('several nodes', () => {
  let database: TestDatabase
  let index: TestIndex
  let ways: FaultyNetwork[]
  let client: Client
  beforeAll(async () => {
    database = await openCatalogDatabase()
    index = await openTestIndex(database.sql)
    await index.fill()
    // To a client, three proxies of one server look like three nodes.
    ways = await Promise.all([1, 2, 3].map(() => openFaultyNetwork(index.url)))
    client = openElasticsearch(ways.map(({ url }) => url).join(', '))
  }, 240_000)
  afterAll(async () => {
    await client.close()
    for (const way of ways) await way.stop()
    await index.close()
    await database.close()
  })

  const turn = (...kinds: ('none' | 'refuse' | 'black_hole')[]) => {
    for (const [n, kind] of kinds.entries()) ways[n]?.inject({ kind })
  }
  // Sent like a search, but without a time limit, which proves nothing on a busy machine.
  const search = async () =>
    (await client.count({ index: index.alias }, searchOptions(client, AbortSignal.timeout(WAIT_MS)))).count
  const searchAll = (times: number) => Promise.all(Array.from({ length: times }, search))

  test('share the searches', async () => {
    turn('none', 'none', 'none')
    for (let n = 0; n < 6; n++) expect(await search()).toBeGreaterThan(0)
    expect(ways.map((way) => way.countConnections() > 0)).toEqual([true, true, true])
  }, 60_000)

  test('one that is gone fails no search, however many requests reach it', async () => {
    turn('none', 'refuse', 'none')
    expect(Math.min(...(await searchAll(12)))).toBeGreaterThan(0)
    turn('refuse', 'refuse', 'none')
    expect(Math.min(...(await searchAll(12)))).toBeGreaterThan(0)
  }, 60_000)

  test('one that hangs fails no search', async () => {
    turn('none', 'none', 'black_hole')
    expect(Math.min(...(await searchAll(6)))).toBeGreaterThan(0)
  }, 60_000)

  test('an index whose node died before it responded is not created twice', async () => {
    turn('none', 'none', 'none')
    const name = `${index.alias}_v99`
    await createIndex(client, index.alias, name)
    await createIndex(client, index.alias, name)
    expect(await client.indices.exists({ index: name })).toBe(true)
    await client.indices.delete({ index: name })
  }, 60_000)

  test('all of them gone is a failure, and the first one back is used again', async () => {
    turn('refuse', 'refuse', 'refuse')
    expect(search()).rejects.toThrow()
    await search().catch(() => {})
    turn('refuse', 'none', 'refuse')
    expect(await search()).toBeGreaterThan(0)
    turn('none', 'none', 'none')
    const before = ways[2]?.countConnections() ?? 0
    const deadline = Date.now() + WAIT_MS
    while ((ways[2]?.countConnections() ?? 0) === before && Date.now() < deadline) await search()
    expect(ways[2]?.countConnections()).toBeGreaterThan(before)
  }, 120_000)

  describe('of an index', () => {
    let name: string
    beforeAll(() => {
      name = `${index.alias}_v2`
    })
    const settings = async () => (await index.client.indices.getSettings({ index: name }))[name]?.settings?.index

    test('have the configured shards and replicas, and new replicas need no new index', async () => {
      await createIndex(index.client, index.alias, name, { shards: 2, replicas: 1 })
      expect(await settings()).toMatchObject({ number_of_shards: '2', number_of_replicas: '1', auto_expand_replicas: 'false' })
      expect(await fitReplicas(index.client, name, { shards: 5, replicas: 0 })).toBe(2)
      expect(await settings()).toMatchObject({ number_of_shards: '2', number_of_replicas: '0', auto_expand_replicas: 'false' })
      await fitReplicas(index.client, name, { shards: 2, replicas: null })
      expect(await settings()).toMatchObject({ auto_expand_replicas: '0-1' })
    }, 60_000)

    test('that lack a shard are an error, not half a result', async () => {
      const half = `${index.alias}_v3`
      const { settings, mappings } = readIndexFile(index.alias)
      // The single node takes only one of two shards.
      const spread = { number_of_shards: 2, number_of_replicas: 0, 'routing.allocation.total_shards_per_node': 1 }
      await index.client.indices.create({
        index: half,
        settings: { ...settings, ...spread } as object,
        mappings: mappings as object,
        wait_for_active_shards: 0,
      })
      const isThere = async () => (await index.client.count({ index: half }).catch(() => null))?._shards
      const deadline = Date.now() + WAIT_MS
      while ((await isThere())?.successful !== 1 && Date.now() < deadline) await Bun.sleep(50)
      expect(await isThere()).toMatchObject({ successful: 1, failed: 1 })
      expect(openElasticsearchBackend(database.sql, index.client, half).search(EVERYTHING)).rejects.toThrow(
        'search_phase_execution',
      )
    }, 60_000)
  })
})
