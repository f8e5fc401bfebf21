import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { openPool, type Pool } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { addToCart, checkOut } from '../prove/stage/calls.ts'
import { type Listing, listItems, openStalls, type Stall } from '../prove/stage/people.ts'
import { countReads, type ReplicaReads } from '../prove/stage/replica_reads.ts'
import { type Answer, type Api, expectStatus, openApi } from '../test/api.ts'
import { openTestDatabase } from '../test/database.ts'
import { requires } from '../test/requirements.ts'
import { type ApiProcess, spawnApi } from '../test/server.ts'
import { openPostgres15, type Postgres15 } from '../test/stores/postgres_15.ts'
import { askPostgres15, openStandby, type Standby } from '../test/stores/standby.ts'
import { openReplica, type Replica } from './replica.ts'
import { showPosition } from './statements.ts'

const START_TIMEOUT_MS = 120_000

describe.skipIf(!requires('postgresql-15'))('a streaming replica', () => {
  let primary: Postgres15
  let standby: Standby
  let sql: Pool
  beforeAll(async () => {
    primary = await openPostgres15()
    await migrate(primary.url)
    sql = openPool(primary.url, { max: 4, name: 'stallwright test', statement_timeout_ms: 10_000 })
    await sql`create table notes (n integer primary key)`
    standby = await openStandby(primary)
  }, START_TIMEOUT_MS)
  afterAll(async () => {
    await sql.end({ timeout: 1 })
    await standby.server.stop()
    await standby.line.stop()
    await primary.stop()
  })

  /** A replica of this test's own, and who has read so far. */
  const follow = (url = standby.server.url) => {
    const by: string[] = []
    const log = pino({ level: 'silent' })
    const replica = openReplica(url, primary.url, sql, { log, count: (who) => by.push(who) })
    return { replica, by }
  }
  const untilUsed = async ({ lagMs }: Replica) => {
    while (lagMs() > 1000) await Bun.sleep(20)
  }
  const read = async (replica: Replica, position: number, statement = 'select count(*)::integer as n from notes') =>
    (await replica.after(position).unsafe(statement))[0]?.n as number | undefined
  const write = async (n: number) => {
    await sql`insert into notes values (${n})`
    return (await showPosition.one(sql, {})).position
  }

  test('reads once it follows, and what was written up to a position only when it has it', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    expect(await read(replica, 0)).toBe(0)
    await askPostgres15(standby.server, 'select pg_wal_replay_pause()')
    const position = await write(1)
    expect([await read(replica, position), await read(replica, 0)]).toEqual([1, 0])
    await askPostgres15(standby.server, 'select pg_wal_replay_resume()')
    const began = by.length
    while (by.at(-1) !== 'replica' || by.length === began) {
      expect(await read(replica, position)).toBe(1)
      await Bun.sleep(20)
    }
    expect(by.slice(0, 3)).toEqual(['replica', 'primary', 'replica'])
    await replica.stop()
  })

  test('what it does not have, refuses or cannot do, the primary is asked', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    expect(await read(replica, 0, 'select n from notes where n = 1000')).toBeUndefined()
    expect(await read(replica, 0, 'insert into notes values (2) returning n')).toBe(2)
    expect(replica.after(0).unsafe('select check_shop_owner(1, 1)') as Promise<unknown>).rejects.toMatchObject({ code: 'SWNTF' })
    expect(by).toEqual(['primary', 'primary', 'primary'])
    await replica.stop()
  })

  test('one that is paused, ended or another database is not read', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    await askPostgres15(standby.server, 'select pg_wal_replay_pause()')
    await write(3)
    while (by.at(-1) !== 'primary') {
      await read(replica, 0)
      await Bun.sleep(20)
    }
    await askPostgres15(standby.server, 'select pg_wal_replay_resume()')
    await untilUsed(replica)
    await standby.server.crash()
    expect(await read(replica, 0)).toBeGreaterThan(0)
    while (replica.lagMs() !== Number.POSITIVE_INFINITY) await Bun.sleep(20)
    await standby.server.start()
    await untilUsed(replica)
    await replica.stop()

    const other = await openTestDatabase()
    const stranger = follow(other.url)
    expect(await read(stranger.replica, 0)).toBeGreaterThan(0)
    expect(stranger.by).toEqual(['primary'])
    await stranger.replica.stop()
    await other.close()
  })

  describe('behind the API', () => {
    let service: ApiProcess
    let api: Api
    let token: string
    let ids: { shop: number; product: number; order: number }
    beforeAll(async () => {
      service = await spawnApi({ DATABASE_URL: primary.url, READ_DATABASE_URL: standby.server.url })
      api = openApi(service.url)
      ids = await setUpShop()
    }, START_TIMEOUT_MS)
    afterAll(() => service.end('SIGTERM'))

    /** Somebody with a shop, a listing, a favorite and an order of their own. */
    const setUpShop = async (): Promise<typeof ids> => {
      const [stall] = (await openStalls(sql, 1)) as [Stall]
      const [listing] = (await listItems(sql, [stall], [9])) as [Listing]
      token = stall.seller.token
      expectStatus(await api('PUT', `/v1/favorites/product/${listing.id}`, { token }), 204)
      const { method, path, body } = addToCart(listing.id)
      expectStatus(await api(method, path, { token, body }), 201)
      const checkout = checkOut('one')
      const paid = await api<{ orders: { id: number }[] }>('POST', '/v1/checkout', {
        token,
        body: checkout.body,
        headers: { 'Idempotency-Key': 'one' },
      })
      return { shop: stall.shop_id, product: listing.id, order: expectStatus(paid, 201).orders[0]?.id as number }
    }

    /** Who has read for one call. */
    const askedOnce = async (ask: () => Promise<Answer<unknown>>): Promise<ReplicaReads> => {
      const before = await countReads([service.url])
      expectStatus(await ask(), 200)
      const now = await countReads([service.url])
      return { replica: now.replica - before.replica, primary: now.primary - before.primary }
    }
    const reads: [id: string, pathOf: () => string, statements: number][] = [
      ['search', () => '/v1/search?q=listing', 1],
      ['suggestSearches', () => '/v1/search/suggest?q=listi', 2],
      ['listFavorites', () => '/v1/favorites', 1],
      ['listOrders', () => '/v1/orders', 1],
      ['getOrder', () => `/v1/orders/${ids.order}`, 1],
      ['listOrderEvents', () => `/v1/orders/${ids.order}/events`, 1],
      ['listOwnProducts', () => '/v1/me/products', 1],
      ['listOwnShops', () => '/v1/me/shops', 1],
      ['listShopOrders', () => `/v1/shops/${ids.shop}/orders`, 1],
      ['getShopStatistics', () => `/v1/shops/${ids.shop}/statistics`, 1],
    ]
    test.each(reads)('%s is read by it alone', async (_id, pathOf, statements) => {
      const ask = () => api('GET', pathOf(), { token })
      let asked = await askedOnce(ask)
      // Until the replica has what was written last.
      while (asked.primary > 0) asked = await askedOnce(ask)
      expect(asked.replica).toBe(statements)
    })

    test("a stranger's search is, too, and is kept for less than what it lags by", async () => {
      const ask = () => api('GET', '/v1/search?q=listing')
      while (!(await askedOnce(ask)).replica) expectStatus(await ask(), 200)
      // Nothing has changed: for two minutes it would be kept if the primary had been asked.
      const began = performance.now()
      while (!(await askedOnce(ask)).replica) expect(performance.now() - began).toBeLessThan(60_000)
    })

    test('carts, checkouts and stock are not', async () => {
      const before = await countReads([service.url])
      for (const path of ['/v1/cart', `/v1/products/${ids.product}/quantity`, `/v1/products/${ids.product}`])
        expectStatus(await api('GET', path, { token }), 200)
      expect(await countReads([service.url])).toEqual(before)
    })
  })
})
