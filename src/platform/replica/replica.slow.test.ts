import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { countReads, type ReplicaReads } from '../../../test/faults/checks/replica_reads.ts'
import { addToCart, checkOut } from '../../../test/faults/load/calls.ts'
import { expectStatus } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { type Answer, type Api, openApi } from '../../../test/support/client.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { type Listing, listItems, openShops, type Shop } from '../../../test/support/people.ts'
import { requires } from '../../../test/support/requirements.ts'
import { spawnApi } from '../../../test/support/server.ts'
import { openPostgres15, type Postgres15 } from '../../../test/support/stores/postgres_15.ts'
import { askPostgres15, openStandby, type Standby } from '../../../test/support/stores/standby.ts'
import { migrate } from '../../deploy/migrate.ts'
import { openPool, type Pool } from '../db/client.ts'
import { showSecret } from '../db/secrets.ts'
import { findRow, openReplica, type Replica } from './replica.ts'
import type { WalPosition } from './statements.ts'
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

  /** Follows a replica for this test. `by` has the server of each read. */
  const follow = (url = standby.server.url) => {
    const by: string[] = []
    const said: string[] = []
    const log = pino({ level: 'info' }, { write: (line) => said.push(JSON.parse(line).msg) })
    const replica = openReplica(url, primary.url, sql, { log, count: (who) => by.push(who) })
    return { replica, by, said }
  }
  const untilUsed = async ({ lagMs }: Replica) => {
    while (lagMs() > 500) await Bun.sleep(20)
  }
  const read = async (replica: Replica, place: WalPosition | null, statement = 'select count(*)::integer as n from notes') =>
    (await replica.after(place).unsafe(statement))[0]?.n as number | undefined
  const write = async (n: number) => {
    await sql`insert into notes values (${n})`
    return showPosition.one(sql, {})
  }

  test('reads once it follows, and waits for a position', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    expect(await read(replica, null)).toBe(0)
    await askPostgres15(standby.server, 'select pg_wal_replay_pause()')
    const place = await write(1)
    expect([await read(replica, place), await read(replica, null)]).toEqual([1, 0])
    await askPostgres15(standby.server, 'select pg_wal_replay_resume()')
    const began = by.length
    while (by.at(-1) !== 'replica' || by.length === began) {
      expect(await read(replica, place)).toBe(1)
      await Bun.sleep(20)
    }
    expect(by.slice(0, 3)).toEqual(['replica', 'primary', 'replica'])
    await replica.stop()
  })

  test('the primary runs what the replica rejects or cannot do, and rereads a missing row', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    expect(replica.after(null).unsafe('select check_shop_owner(1, 1)') as Promise<unknown>).rejects.toMatchObject({
      code: 'SWNTF',
    })
    expect(await findRow(replica.after(null), showSecret, { name: 'nothing' })).toBeNull()
    expect(by).toEqual(['primary', 'replica', 'primary'])
    expect(await read(replica, null, 'insert into notes values (2) returning n')).toBe(2)
    // After any failure, reads avoid it for a while.
    expect(replica.isRead()).toBe(false)
    expect(by.slice(3)).toEqual(['primary'])
    await replica.stop()
  })

  test('a paused one serves for less than 2 s, and again when it continues', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    await askPostgres15(standby.server, 'select pg_wal_replay_pause()')
    const paused_at_ms = performance.now()
    await write(3)
    while (performance.now() - paused_at_ms < 2000) {
      await read(replica, null)
      await Bun.sleep(20)
    }
    const before = by.length
    await read(replica, null)
    expect(by.slice(before)).toEqual(['primary'])
    await askPostgres15(standby.server, 'select pg_wal_replay_resume()')
    await untilUsed(replica)
    await replica.stop()
  })

  test('one that ends or hangs fails no read', async () => {
    const { replica } = follow()
    await untilUsed(replica)
    await standby.server.crash()
    expect(await read(replica, null)).toBeGreaterThan(0)
    await standby.server.start()
    await untilUsed(replica)
    standby.server.freeze()
    expect(await read(replica, null)).toBeGreaterThan(0)
    standby.server.thaw()
    await untilUsed(replica)
    await replica.stop()
  })

  test('one that no read asks for is looked at less often, and can still be read at once', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    const looks = new Set<string>()
    const end_ms = performance.now() + 2000
    while (performance.now() < end_ms) {
      const [watch] = await sql<{ began: string }[]>`
        select a.query_start::text as began from pg_stat_activity a where a.application_name = 'stallwright replica watch'`
      looks.add(watch?.began ?? '')
      await Bun.sleep(20)
    }
    expect(looks.size).toBeLessThanOrEqual(6)
    await untilUsed(replica)
    await read(replica, null)
    expect(by).toEqual(['replica'])
    await replica.stop()
  })

  test('the primary helps a busy one', async () => {
    const { replica, by } = follow()
    await untilUsed(replica)
    const reads = Array.from({ length: 40 }, () => read(replica, null, 'select 1 as n from pg_sleep(0.3)'))
    // Counted before the first one ends: on a slow machine a read that takes too long moves to the primary.
    expect(replica.use.count).toBe(10)
    await Promise.all(reads)
    expect(by).toHaveLength(40)
    expect(by).toContain('replica')
    await replica.stop()
  })

  test('another database is rejected, and so is a primary', async () => {
    const other = await openTestDatabase()
    for (const [url, reason] of [
      [other.url, 'The replica is not used: READ_DATABASE_URL is another database than DATABASE_URL.'],
      [primary.url, 'The replica is not used: it follows no primary, perhaps because it was promoted.'],
    ] as const) {
      const { replica, said } = follow(url)
      while (said.length === 0) await Bun.sleep(20)
      expect([said, replica.isRead()]).toEqual([[reason], false])
      await replica.stop()
    }
    await other.close()
  })

  test('one that missed a failover does not count as caught up', async () => {
    const next = await openStandby(primary)
    // The other replica does not have these rows. The one that is read has them.
    next.line.inject({ kind: 'black_hole' })
    for (let n = 100; n < 200; n++) await write(n)
    const place = await showPosition.one(sql, {})
    while ((await askPostgres15(standby.server, 'select count(*) from notes where n >= 100')) !== '100') await Bun.sleep(20)
    await next.server.promote()
    const promoted = openPool(next.server.url, { max: 1, name: 'stallwright test', statement_timeout_ms: 10_000 })
    await promoted`insert into notes values (1000)`
    const after = await showPosition.one(promoted, {})
    expect([after.timeline > place.timeline, after.position < place.position]).toEqual([true, true])
    const log = pino({ level: 'silent' })
    const replica = openReplica(standby.server.url, next.server.url, promoted, { log, count: () => {} })
    const began_ms = performance.now()
    while (performance.now() - began_ms < 1500) {
      expect(await read(replica, after, 'select count(*)::integer as n from notes where n = 1000')).toBe(1)
      expect(replica.isRead()).toBe(false)
      await Bun.sleep(20)
    }
    await replica.stop()
    await promoted.end({ timeout: 1 })
    await next.server.stop()
    await next.line.stop()
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
    afterAll(() => service.stop())

    /** Creates a user with their own shop, listing, favorite and order. */
    const setUpShop = async (): Promise<typeof ids> => {
      const [own, other] = (await openShops(sql, 2)) as [Shop, Shop]
      const [listing, bought] = (await listItems(sql, [own, other], [9, 9])) as [Listing, Listing]
      token = own.seller.token
      expectStatus(await api('PUT', `/v1/favorites/product/${listing.id}`, { token }), 204)
      const { method, path, body } = addToCart(bought.id)
      expectStatus(await api(method, path, { token, body }), 201)
      const checkout = checkOut('one')
      const paid = await api<{ orders: { id: number }[] }>('POST', '/v1/checkout', {
        token,
        body: checkout.body,
        headers: { 'Idempotency-Key': 'one' },
      })
      return { shop: own.shop_id, product: listing.id, order: expectStatus(paid, 201).orders[0]?.id as number }
    }

    /** Returns which server read for one call. */
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
      ['listRecommendations', () => '/v1/recommendations', 1],
      ['listOwnPictures', () => '/v1/pictures', 1],
      ['listOwnProducts', () => '/v1/me/products', 1],
      ['listOwnShops', () => '/v1/me/shops', 1],
      ['listShopOrders', () => `/v1/shops/${ids.shop}/orders`, 1],
      ['getShopStatistics', () => `/v1/shops/${ids.shop}/statistics`, 1],
    ]
    test.each(reads)('%s reads from the replica alone', async (_id, pathOf, statements) => {
      const ask = () => api('GET', pathOf(), { token })
      let asked = await askedOnce(ask)
      // Repeats until the replica has the last write.
      while (asked.primary > 0) asked = await askedOnce(ask)
      expect(asked.replica).toBe(statements)
    })

    test('so does an anonymous search, which is cached for moments', async () => {
      const ask = () => api('GET', '/v1/search?q=listing')
      while (!(await askedOnce(ask)).replica) expectStatus(await ask(), 200)
      // Nothing has changed. A page read from the primary would stay cached for two minutes.
      const began = performance.now()
      while (!(await askedOnce(ask)).replica) expect(performance.now() - began).toBeLessThan(60_000)
    })

    test('carts, checkouts and stock do not', async () => {
      const before = await countReads([service.url])
      for (const path of ['/v1/cart', `/v1/products/${ids.product}/quantity`, `/v1/products/${ids.product}`])
        expectStatus(await api('GET', path, { token }), 200)
      expect(await countReads([service.url])).toEqual(before)
    })
  })
})
