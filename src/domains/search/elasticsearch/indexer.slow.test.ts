import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { openTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import { makeShop } from '../../../../test/support/factory.ts'
import { type FaultyNetwork, openFaultyNetwork } from '../../../../test/support/faulty_network.ts'
import { findIndexDifferences } from '../../../../test/support/index_contents.ts'
import { requires } from '../../../../test/support/requirements.ts'
import { sharedElasticsearch } from '../../../../test/support/stores/elasticsearch.ts'
import { buildIndex } from './build_index.ts'
import { type Client, openElasticsearch } from './client.ts'
import { type Indexer, type IndexerOptions, openIndexer } from './indexer.ts'
import { createIndex, dropIndices, findIndex, INDEX_FORMAT, listIndices, swapAlias } from './indices.ts'
import { sendSynonyms } from './synonyms.ts'
import { archived, IndexGone, sendNew, sendWrites } from './writes.ts'

const log = pino({ level: 'silent' })
const LISTINGS = 1500
const WAIT_MS = 60_000

describe.if(requires('elasticsearch'))('the search index', () => {
  let database: TestDatabase
  let network: FaultyNetwork
  let client: Client
  let alias: string
  let shop_id: number
  let ids: number[]
  const open: Indexer[] = []

  beforeAll(async () => {
    database = await openTestDatabase()
    const { url } = await sharedElasticsearch()
    network = await openFaultyNetwork(url)
    client = openElasticsearch(network.url)
    shop_id = await makeShop(database.sql)
    const other = await makeShop(database.sql)
    await database.sql`insert into categories (name, slug) values ('Wood', 'wood'), ('Clay', 'clay')`
    ids = (
      await database.sql<{ id: number }[]>`
        insert into products (shop_id, title, description, price, quantity, tags, category_id)
        select case when n <= 40 then ${shop_id}::bigint else ${other}::bigint end,
          'Mug ' || n, 'Fired at ' || n, 1 + n % 90, 5, '{clay,mug}', 2
        from generate_series(1, ${LISTINGS}::integer) n returning id`
    ).map((row) => row.id)
  }, 240_000)
  beforeEach(async () => {
    alias = `test_${crypto.randomUUID().slice(0, 8)}`
    network.inject({ kind: 'none' })
  })
  afterEach(async () => {
    network.inject({ kind: 'none' })
    for (const indexer of open.splice(0)) await indexer.stop()
    await dropIndices(client, await listIndices(client, alias))
    await database.sql`truncate search_indexes, search_changes, search_shop_changes, leases`
  }, 60_000)
  afterAll(async () => {
    await client.close()
    await network.stop()
    await database.close()
  })

  /** Does the work of the relay. */
  const relay = () => database.sql`select acknowledge_changes(array(select id from changes), true)`

  async function until(what: string, condition: () => unknown): Promise<void> {
    const deadline = Date.now() + WAIT_MS
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`Timed out before ${what}`)
      await relay()
      await Bun.sleep(20)
    }
  }
  // One statement: between two, the indexer could turn the change of a shop into changes of its listings.
  const drained = async () => {
    const waiting = await database.sql`
      select from search_changes where refusal is null union all select from search_shop_changes`
    return waiting.length === 0
  }

  const start = (options: Partial<IndexerOptions> = {}): Indexer => {
    const indexer = openIndexer({ sql: database.sql, client, alias, log, linger_ms: 0, ...options })
    open.push(indexer)
    return indexer
  }
  const startReady = async (options: Partial<IndexerOptions> = {}): Promise<Indexer> => {
    const indexer = start(options)
    await until('the index is ready', indexer.isReady)
    return indexer
  }
  const differences = () => findIndexDifferences(database.sql, client, alias)
  /** Searches without a refresh, like any caller. */
  const countFound = async (query: object) => (await client.count({ index: alias, query })).count
  const nameOf = async () => (await findIndex(client, alias))?.name
  const followed = async () => (await database.sql`select index_name from search_indexes where alias = ${alias}`)[0]?.index_name

  describe('an indexer', () => {
    test('builds a missing index, and reports when it is ready', async () => {
      const indexer = start()
      await indexer.looked
      expect(indexer.isReady()).toBe(false)
      await until('it is ready', indexer.isReady)
      expect(await nameOf()).toBe(`${alias}_v1`)
      expect(await differences()).toEqual([])
      expect((await client.count({ index: alias })).count).toBe(ids.length)
    }, 90_000)

    test('gives an index the configured replicas when it starts, and no other shards', async () => {
      await startReady()
      await open.splice(0)[0]?.stop()
      await startReady({ layout: { shards: 3, replicas: 2 } })
      const index = `${alias}_v1`
      const settings = async () => (await client.indices.getSettings({ index }))[index]?.settings?.index
      await until('they are', async () => (await settings())?.number_of_replicas === '2')
      expect(await settings()).toMatchObject({ number_of_shards: '1', auto_expand_replicas: 'false' })
      expect(await listIndices(client, alias)).toEqual([index])
      await buildIndex({ sql: database.sql, client, alias, linger_ms: 0, layout: { shards: 3, replicas: 2 } })
      const next = `${alias}_v2`
      expect((await client.indices.getSettings({ index: next }))[next]?.settings?.index).toMatchObject({ number_of_shards: '3' })
    }, 90_000)

    const changes: [string, string][] = [
      ['a title', "update products set title = 'Cup of walnut' where id = $1"],
      ['a description', "update products set description = 'Turned' where id = $1"],
      ['tags', "update products set tags = '{wood}' where id = $1"],
      ['a price', 'update products set price = 77.70 where id = $1'],
      ['a category', 'update products set category_id = 1 where id = $1'],
      ['vintage', 'update products set is_vintage = true where id = $1'],
      ['stock', 'update products set quantity = quantity - 2 where id = $1'],
      ['the last unit', 'update products set quantity = 0 where id = $1'],
      ['an end on the shelf', 'update products set archived_at = now() where id = $1'],
      ['a rating', 'update shops set rating = 4.5 where id = (select shop_id from products where id = $1)'],
      ['a sale', 'update shops set sales_count = sales_count + 3 where id = (select shop_id from products where id = $1)'],
      ['a new listing', "insert into products (shop_id, title, price) select shop_id, 'Bowl', 5 from products where id = $1"],
      [
        'variants',
        `with options as (
          insert into product_options (product_id, position, name, option_values) values ($1, 1, 'Size', '{S,M}')
        )
        insert into variants (product_id, shop_id, option_values, quantity)
        select id, shop_id, array[size], case size when 'S' then 2 else 0 end
        from products cross join unnest('{S,M}'::text[]) size where id = $1`,
      ],
      ['a variant that sells out while another comes back', 'update variants set quantity = 2 - quantity where $1::bigint > 0'],
      ['a deletion', 'with gone as (delete from cart_items where product_id = $1) delete from products where id = $1'],
    ]
    test('follows every kind of change', async () => {
      await startReady()
      for (const [n, [what, statement]] of changes.entries()) {
        await database.sql.unsafe(statement, [ids[n] as number])
        await relay()
        await until(`${what} has arrived`, drained)
        expect([what, await differences()]).toEqual([what, []])
      }
      await database.sql`update variants set archived_at = now()`
      await database.sql`update products set archived_at = null, quantity = 3 where archived_at is not null or quantity = 0`
      await relay()
      await until('all are back', drained)
      expect(await differences()).toEqual([])
      ids = (await database.sql<{ id: number }[]>`select id from products order by id`).map((row) => row.id)
    }, 90_000)

    test('makes changes visible by itself, and reports it', async () => {
      let shown = 0
      await startReady({ onVisible: () => shown++ })
      const before = shown
      await database.sql`update products set title = 'Zanzibar' where id = ${ids[3] as number}`
      await relay()
      await until('it is found', async () => (await countFound({ match: { title: 'zanzibar' } })) === 1)
      await until('that is said', () => shown > before)
    }, 90_000)

    test('sends only the changed part after a sale', async () => {
      await startReady()
      const id = ids[5] as number
      await client.update({ index: alias, id: String(id), doc: { title: 'as it was' } })
      await database.sql`update products set quantity = 2 where id = ${id}`
      await database.sql`
              update shops set sales_count = sales_count + 1 where id = ${shop_id}`
      await relay()
      await until('it has arrived', drained)
      const { _source } = await client.get<Record<string, unknown>>({ index: alias, id: String(id) })
      const [shop] = await database.sql`select sales_count from shops where id = ${shop_id}`
      expect(_source).toMatchObject({ title: 'as it was', quantity: 2, shop_sales_count: shop?.sales_count })
    }, 90_000)

    test('replays after an outage, and searches avoid it while it lags', async () => {
      const indexer = await startReady()
      network.inject({ kind: 'refuse' })
      await database.sql`update products set quantity = 1 + id % 7, title = title || '.' where id % 2 = 0`
      await database.sql`update products set archived_at = now() where id % 50 = 0`
      await relay()
      await database.sql`update search_changes set queued_at = queued_at - interval '1 minute'`
      await until('it is known to lag', () => !indexer.isReady())
      expect((await database.sql`select from search_changes`).length).toBeGreaterThan(700)
      network.inject({ kind: 'none' })
      await until('all has arrived', drained)
      expect(await differences()).toEqual([])
      await until('it is relied on', indexer.isReady)
      await database.sql`update products set archived_at = null`
    }, 120_000)

    test('keeps a rejected document with the reason, and indexes the others', async () => {
      const indexer = await startReady()
      const [odd, good] = ids.slice(7, 9) as [number, number]
      // A value that the engine cannot express.
      await database.sql`update products set created_at = '2400-01-01', title = 'Odd' where id = ${odd}`
      await database.sql`update products set title = 'Good' where id = ${good}`
      await relay()
      await until('the others have arrived', drained)
      const refused = await database.sql`select product_id, refusal from search_changes`
      expect(refused.map((row) => row.product_id)).toEqual([odd])
      expect(refused[0]?.refusal).toContain('document_parsing_exception')
      expect((await differences()).every((difference) => difference.startsWith(`${odd} `))).toBe(true)
      expect(indexer.isReady()).toBe(true)
      await database.sql`update products set created_at = now() where id = ${odd}`
      await relay()
      await until('the mended one has arrived', async () => (await database.sql`select from search_changes`).length === 0)
      expect(await differences()).toEqual([])
    }, 90_000)

    test('one of several works, and another one takes over', async () => {
      const [first, second] = [await startReady(), await startReady()]
      const holder = async () => (await database.sql`select holder from leases where name = 'search indexer'`)[0]?.holder
      const before = await holder()
      expect(first.isReady() && second.isReady()).toBe(true)
      await first.stop()
      await database.sql`update products set title = 'After the first' where id = ${ids[9] as number}`
      await relay()
      await until('the second has written it', drained)
      expect(await differences()).toEqual([])
      expect(await holder()).not.toBe(before)
    }, 90_000)

    const losses: [string, () => Promise<unknown>][] = [
      ['gone', async () => dropIndices(client, [`${alias}_v1`])],
      [
        'another of the same name',
        async () => {
          await dropIndices(client, [`${alias}_v1`])
          await createIndex(client, alias, `${alias}_v1`)
          await swapAlias(client, alias, `${alias}_v1`)
        },
      ],
      ['younger than the database', async () => database.sql`select setval('search_revisions', 1)`],
    ]
    test.each(losses)(
      'notices that the index is %s, and builds a new one',
      async (_, lose) => {
        const indexer = await startReady()
        await indexer.stop()
        await lose()
        await startReady()
        expect(await nameOf()).toBe(`${alias}_v2`)
        expect(await followed()).toBe(`${alias}_v2`)
        expect(await differences()).toEqual([])
      },
      90_000,
    )

    test('builds a new index if the index is lost during work', async () => {
      await startReady()
      await dropIndices(client, [`${alias}_v1`])
      await database.sql`update products set title = 'Once more' where id = ${ids[10] as number}`
      await relay()
      await until('there is another', async () => (await followed()) === `${alias}_v2`)
      expect(await differences()).toEqual([])
    }, 90_000)

    test('builds a new index after an hour without changes kept', async () => {
      const indexer = await startReady()
      await indexer.stop()
      await database.sql`update search_indexes set seen_at = now() - interval '2 hours'`
      await database.sql`update products set title = 'Unheard of' where id = ${ids[11] as number}`
      await relay()
      expect(await database.sql`select from search_changes`).toHaveLength(0)
      await startReady()
      expect(await nameOf()).toBe(`${alias}_v2`)
      expect(await differences()).toEqual([])
    }, 90_000)
  })

  describe('writes', () => {
    let index: string
    const read = async (id: number) => (await client.get<Record<string, unknown>>({ index, id: String(id) }))._source
    const whole = (id: number, title: string) => ({ id, is_whole: true, document: JSON.stringify({ id, title, quantity: 5 }) })
    const part = (id: number, quantity: number) => ({ id, is_whole: false, document: JSON.stringify({ quantity }) })
    beforeEach(async () => {
      index = `${alias}_v1`
      await sendSynonyms(database.sql, client, alias)
      await createIndex(client, alias, index)
    })

    test('that arrive late change nothing', async () => {
      await sendWrites(client, index, 10, [whole(1, 'ten'), whole(2, 'ten'), whole(3, 'ten')])
      await sendWrites(client, index, 9, [whole(1, 'nine'), part(2, 9), archived(3)])
      for (const id of [1, 2, 3]) expect(await read(id)).toEqual({ id, title: 'ten', quantity: 5, revision: 10 })
      expect(await sendWrites(client, index, 10, [part(2, 4)])).toEqual(new Map([[2, 'written']]))
      expect(await read(2)).toEqual({ id: 2, title: 'ten', quantity: 4, revision: 10 })
    })

    test('that arrive late restore no archived listing', async () => {
      await sendWrites(client, index, 10, [archived(1)])
      await sendWrites(client, index, 9, [whole(1, 'nine')])
      expect(await read(1)).toEqual({ id: 1, quantity: 0, revision: 10 })
      await sendWrites(client, index, 11, [whole(1, 'eleven')])
      expect(await read(1)).toEqual({ id: 1, title: 'eleven', quantity: 5, revision: 11 })
    })

    test('that conflict with another write are repeated', async () => {
      await sendWrites(client, index, 1, [whole(1, 'one')])
      // Each write reads before any write takes effect, so all except one conflict.
      const many = Array.from({ length: 20 }, (_, n) => sendWrites(client, index, n + 2, [part(1, n + 2)]))
      const outcomes = (await Promise.all(many)).map((outcome) => outcome.get(1))
      expect(outcomes.every((outcome) => outcome === 'written' || outcome === 'conflict')).toBe(true)
      const { revision, quantity } = (await read(1)) as { revision: number; quantity: number }
      expect(quantity).toBe(revision)
      for (const [n, outcome] of outcomes.entries()) if (outcome === 'written') expect(n + 2).toBeLessThanOrEqual(revision)
    })

    test('of a whole document replace all of the old one', async () => {
      await sendWrites(client, index, 1, [{ id: 1, is_whole: true, document: '{"id":1,"title":"a","tags":["b"]}' }])
      await sendWrites(client, index, 2, [whole(1, 'c')])
      expect(await read(1)).toEqual({ id: 1, title: 'c', quantity: 5, revision: 2 })
    })

    test('of a build overwrite nothing', async () => {
      await sendWrites(client, index, 5, [archived(1)])
      const page = [1, 2].map((id) => ({ id, revision: 9, document: `{"id" : ${id}, "quantity" : 5}` }))
      expect(await sendNew(client, index, page)).toEqual(
        new Map([
          [1, 'written'],
          [2, 'written'],
        ]),
      )
      expect(await read(1)).toEqual({ id: 1, quantity: 0, revision: 5 })
      expect(await read(2)).toEqual({ id: 2, quantity: 5, revision: 9 })
    })

    test('report the outcome of each', async () => {
      const outcomes = await sendWrites(client, index, 1, [
        part(1, 5),
        whole(2, 'good'),
        { id: 3, is_whole: true, document: '{"id":3,"price":"cheap"}' },
        { id: 4, is_whole: true, document: '{"id":4,"no_such_field":1}' },
        { id: 5, is_whole: true, document: '{"no JSON' },
      ])
      expect(outcomes.get(1)).toBe('missing')
      expect(outcomes.get(2)).toBe('written')
      for (const id of [3, 4, 5]) expect(outcomes.get(id)).toEqual({ refused: expect.stringMatching(/exception/) })
    })

    test('create no missing index', async () => {
      await dropIndices(client, [index])
      expect(sendWrites(client, index, 1, [whole(1, 'one')])).rejects.toBeInstanceOf(IndexGone)
      expect(sendNew(client, index, [{ id: 1, revision: 1, document: '{"id":1}' }])).rejects.toBeInstanceOf(IndexGone)
      await sendWrites(client, index, 1, [whole(1, 'one')]).catch(() => {})
      expect(await listIndices(client, alias)).toEqual([])
    })
  })

  describe('a build', () => {
    const build = (options = {}) => buildIndex({ sql: database.sql, client, alias, linger_ms: 0, ...options })

    test('excludes another build', async () => {
      const both = await Promise.all([build(), build()])
      expect(both.filter((documents) => documents === null)).toHaveLength(1)
      expect(await listIndices(client, alias)).toHaveLength(1)
    }, 60_000)

    test('loses no change and fails no search while listings change and the alias moves', async () => {
      await startReady()
      const over = new AbortController()
      let [searches, changed, rounds] = [0, 0, 0]
      const failed: string[] = []
      const search = async () => {
        while (!over.signal.aborted) {
          const hits = await countFound({ range: { quantity: { gt: 0 } } }).catch((error) => failed.push(String(error)))
          if (hits < LISTINGS / 2) failed.push(`${hits} hits`)
          searches++
        }
      }
      const change = async () => {
        while (!over.signal.aborted) {
          const n = changed++
          const id = ids[(n * 37) % ids.length] as number
          if (n % 4 === 0) await database.sql`update products set quantity = ${1 + (n % 9)} where id = ${id}`
          else if (n % 4 === 1) await database.sql`update products set title = ${`Mug changed ${n}`} where id = ${id}`
          else if (n % 4 === 2)
            await database.sql`update products set archived_at = case when archived_at is null then now() end where id = ${id}`
          else
            await database.sql`
              update shops set sales_count = sales_count + 1 where id = (select shop_id from products where id = ${id})`
          await relay()
        }
      }
      const load = Promise.all([search(), search(), change(), change()])
      try {
        for (; rounds < 3; rounds++) expect(await build({ linger_ms: 1000 })).toBeGreaterThan(LISTINGS / 2)
      } finally {
        over.abort()
        await load
      }
      await relay()
      await until('all has arrived', drained)
      expect(failed).toEqual([])
      expect(searches).toBeGreaterThan(10)
      expect(changed).toBeGreaterThan(10)
      expect(await nameOf()).toBe(`${alias}_v4`)
      expect(await listIndices(client, alias)).toEqual([`${alias}_v4`])
      expect(await differences()).toEqual([])
      await database.sql`update products set archived_at = null`
    }, 120_000)

    test('that was killed halfway is removed by the next build, and its number is not used again', async () => {
      await build()
      const holder = crypto.randomUUID()
      await database.sql`select begin_search_build(${alias}, ${holder}, 0)`
      await createIndex(client, alias, `${alias}_v2`)
      await database.sql`select follow_search_build(${alias}, ${`${alias}_v2`}, ${INDEX_FORMAT})`
      expect(await build()).toBeNull()
      await database.sql`update leases set held_until = now()`
      expect(await build()).toBe(ids.length)
      expect(await listIndices(client, alias)).toEqual([`${alias}_v3`])
      expect(await followed()).toBe(`${alias}_v3`)
      // The killed process is still alive and continues.
      const page = [{ id: 1, revision: 1, document: '{"id":1}' }]
      expect(sendNew(client, `${alias}_v2`, page)).rejects.toBeInstanceOf(IndexGone)
      const [late] = await database.sql`select finish_search_build(${alias}, ${`${alias}_v2`}, 'x', 1, '{}', '{}') as finished`
      expect(late?.finished).toBe(false)
    }, 60_000)

    test('that was killed halfway is removed by an indexer', async () => {
      await build()
      await database.sql`select begin_search_build(${alias}, ${crypto.randomUUID()}, 0)`
      await createIndex(client, alias, `${alias}_v2`)
      await database.sql`select follow_search_build(${alias}, ${`${alias}_v2`}, ${INDEX_FORMAT})`
      await database.sql`update leases set held_until = now()`
      await startReady()
      await until('it is gone', async () => (await listIndices(client, alias)).length === 1)
      expect(await nameOf()).toBe(`${alias}_v1`)
    }, 60_000)

    test('that was killed after the swap is finished by an indexer', async () => {
      await build()
      await database.sql`select begin_search_build(${alias}, ${crypto.randomUUID()}, 0)`
      await createIndex(client, alias, `${alias}_v2`)
      await database.sql`select follow_search_build(${alias}, ${`${alias}_v2`}, ${INDEX_FORMAT})`
      await swapAlias(client, alias, `${alias}_v2`)
      await database.sql`update leases set held_until = now()`
      await startReady()
      await until('it is followed', async () => (await followed()) === `${alias}_v2`)
    }, 60_000)

    test('writes a changed stock of a listing that is not built yet as a whole document', async () => {
      await build()
      await database.sql`select begin_search_build(${alias}, ${crypto.randomUUID()}, 0)`
      await createIndex(client, alias, `${alias}_v2`)
      await database.sql`select follow_search_build(${alias}, ${`${alias}_v2`}, ${INDEX_FORMAT})`
      await startReady()
      const id = ids[12] as number
      await database.sql`update products set quantity = 4 where id = ${id}`
      await relay()
      await until('it has arrived', drained)
      const { _source } = await client.get<Record<string, unknown>>({ index: `${alias}_v2`, id: String(id) })
      expect(_source).toMatchObject({ quantity: 4, title: expect.any(String) })
    }, 60_000)

    test('keeps rejected documents, with the reason', async () => {
      const odd = ids[13] as number
      await database.sql`update products set created_at = '2400-01-01' where id = ${odd}`
      await relay()
      await build()
      const refused = await database.sql`select product_id, refusal from search_changes`
      expect(refused.map((row) => row.product_id)).toEqual([odd])
      await database.sql`update products set created_at = now() where id = ${odd}`
    }, 60_000)

    test('that fails leaves no index and no kept change', async () => {
      expect(build({ signal: AbortSignal.abort() })).rejects.toThrow()
      await build({ signal: AbortSignal.abort() }).catch(() => {})
      expect(await listIndices(client, alias)).toEqual([])
      await database.sql`update products set quantity = 6 where id = ${ids[14] as number}`
      await relay()
      expect(await database.sql`select from search_changes`).toHaveLength(0)
    }, 60_000)
  })
})
