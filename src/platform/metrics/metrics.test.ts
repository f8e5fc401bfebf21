import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { readSamples } from '../../../test/support/metrics.ts'
import { recordViews, showProduct } from '../../domains/products/statements.ts'
import { openPool } from '../db/client.ts'
import { declarations } from './declarations.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { watchBreaker, watchPool } from './watch.ts'

const read = async (metrics: Metrics) => readSamples(await metrics.render())

describe('metrics', () => {
  test('of two services in one process are separate', async () => {
    const [one, two] = [createMetrics(), createMetrics()]
    one.add('etsy_reservations_created_total', {}, 2)
    expect((await read(one)).etsy_reservations_created_total).toBe(2)
    expect((await read(two)).etsy_reservations_created_total).toBe(0)
  })

  test('with listed labels exist from the start', async () => {
    const now = await read(createMetrics())
    for (const status of declarations.etsy_orders_total.labels.status)
      expect(now[`etsy_orders_total{status="${status}"}`]).toBe(0)
    expect(now['etsy_search_latency_seconds_bucket{le="0.2",filters="category,price"}']).toBe(0)
  })

  test('bound a label with free values', async () => {
    const metrics = createMetrics()
    const { max } = declarations.etsy_product_views_total.labels.category
    for (let n = 0; n < max + 10; n++) metrics.add('etsy_product_views_total', { category: `category-${n}` })
    metrics.add('etsy_product_views_total', { category: 'category-0' })
    const views = Object.entries(await read(metrics)).filter(([name]) => name.startsWith('etsy_product_views_total'))
    expect(views).toHaveLength(max + 1)
    expect(Object.fromEntries(views)).toMatchObject({
      'etsy_product_views_total{category="category-0"}': 2,
      'etsy_product_views_total{category="_other"}': 10,
    })
  })
})

describe('a gauge', () => {
  test('shows the current values of its readers; a reader that fails or hangs is left out', async () => {
    const metrics = createMetrics()
    let waiting = 3
    metrics.watch('db_pool_waiting', async () => [{ labels: { pool: 'api' as const }, value: waiting }])
    metrics.watch('db_pool_waiting', () => {
      throw new Error('no')
    })
    metrics.watch('db_pool_waiting', () => new Promise(() => {}))
    metrics.watch('http_requests_in_flight', () => Promise.reject(new Error('no')))
    const now = await read(metrics)
    expect(now['db_pool_waiting{pool="api"}']).toBe(3)
    expect(now).not.toHaveProperty('http_requests_in_flight')
    waiting = 4
    expect((await read(metrics))['db_pool_waiting{pool="api"}']).toBe(4)
  })

  test('sums the values of several readers at each scrape', async () => {
    const metrics = createMetrics()
    for (const value of [2, 3]) metrics.watch('http_requests_in_flight', () => [{ labels: {}, value }])
    for (const _ of [1, 2]) expect((await read(metrics)).http_requests_in_flight).toBe(5)
  })

  test('shows the one state of a breaker', async () => {
    const metrics = createMetrics()
    const breaker = { opened: false, halfOpen: false }
    watchBreaker(metrics, 'redis', breaker)
    const states = async () => {
      const now = await read(metrics)
      return ['closed', 'half_open', 'open'].map((state) => now[`circuit_breaker_state{breaker="redis",state="${state}"}`])
    }
    expect(await states()).toEqual([1, 0, 0])
    breaker.opened = true
    expect(await states()).toEqual([0, 0, 1])
    Object.assign(breaker, { opened: false, halfOpen: true })
    expect(await states()).toEqual([0, 1, 0])
  })
})

describe('a pool', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await openTestDatabase()
  })
  afterAll(() => db.close())

  test('is busy with statements and transactions; calls above its connections wait', async () => {
    const pool = openPool(db.url, { max: 2, name: 'small', statement_timeout_ms: 10_000 })
    const metrics = createMetrics()
    watchPool(metrics, 'api', pool)
    const use = async () => {
      const now = await read(metrics)
      return ['connections_max', 'connections_in_use', 'waiting'].map((one) => now[`db_pool_${one}{pool="api"}`])
    }
    expect(await use()).toEqual([2, 0, 0])
    const gate = Promise.withResolvers<void>()
    const inTransaction = pool.begin(async (tx) => {
      // In the transaction, the statement needs only the transaction's connection.
      const found = showProduct.maybe(tx, { product_id: 1 })
      await gate.promise
      return found
    })
    expect(await use()).toEqual([2, 1, 0])
    const reads = Array.from({ length: 4 }, () => showProduct.maybe(pool, { product_id: 1 }))
    const failing = recordViews.one(pool, { product_ids: [1], counts: [Number.NaN] }).catch(() => {})
    // No statement has ended yet, because the event loop has not turned.
    expect([pool.use.count, pool.use.max]).toEqual([6, 2])
    gate.resolve()
    await Promise.all([inTransaction, failing, ...reads])
    expect(await use()).toEqual([2, 0, 0])
    await pool.end({ timeout: 2 })
  })
})
