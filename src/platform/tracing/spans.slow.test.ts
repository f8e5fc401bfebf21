/** The spans that a collector receives from a checkout, its jobs and a search, from a process with every store. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type RedisProcess, startRedis } from '../../../test/faults/servers/redis_process.ts'
import { expectStatus } from '../../../test/support/api.ts'
import { makeProduct, putLine } from '../../../test/support/factory.ts'
import { checkOut, makeBuyer, openPaymentSetup, type PaymentSetup } from '../../../test/support/payment_setup.ts'
import { requires } from '../../../test/support/requirements.ts'
import type { SearchResult } from '../../../test/support/responses.ts'
import { eventually } from '../../../test/support/shopper.ts'
import { sharedElasticsearch } from '../../../test/support/stores/elasticsearch.ts'
import { type CollectedSpan, startTraceCollector, type TraceCollector } from '../../../test/support/trace_collector.ts'
import { openElasticsearch } from '../../domains/search/elasticsearch/client.ts'
import { dropIndices, listIndices } from '../../domains/search/elasticsearch/indices.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN_ID = '00f067aa0ba902b7'
const START_MS = 120_000
const WAIT_MS = 30_000

/** Returns a caller's header of a new trace. `sampled` has the flags. */
const traced = (trace_id: string, sampled = '01') => ({ traceparent: `00-${trace_id}-${SPAN_ID}-${sampled}` })
const newTraceId = () => crypto.randomUUID().replaceAll('-', '')

const has_stores = [requires('redis-server'), requires('elasticsearch')].every(Boolean)
describe.if(has_stores)('with a collector', () => {
  const collector: TraceCollector = startTraceCollector()
  const alias = `test_${crypto.randomUUID().slice(0, 8)}`
  let redis: RedisProcess
  let setup: PaymentSetup

  beforeAll(async () => {
    redis = await startRedis()
    const { url } = await sharedElasticsearch()
    setup = await openPaymentSetup({
      variables: {
        REDIS_URL: redis.url,
        ELASTICSEARCH_URL: url,
        SEARCH_INDEX: alias,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '50',
      },
    })
  }, START_MS)
  afterAll(async () => {
    await setup.close()
    await redis.kill()
    await collector.stop()
    const client = openElasticsearch((await sharedElasticsearch()).url)
    await dropIndices(client, await listIndices(client, alias))
    await client.close()
  }, START_MS)

  const spansOf = (trace_id: string, isThere: (names: string[]) => boolean): Promise<CollectedSpan[]> => {
    const look = async () => collector.spans.filter((span) => span.trace_id === trace_id)
    return eventually(WAIT_MS, look, (spans) => isThere(spans.map(({ name }) => name)))
  }

  test('a checkout is one trace with its statements, its payment, its commands to Redis and its jobs', async () => {
    const buyer = await makeBuyer(setup)
    // A product of another shop, so that one job mails two sellers.
    await putLine(setup.sql, buyer.id, await makeProduct(setup.sql))
    const answer = await checkOut(buyer, 'pm_card_visa', crypto.randomUUID(), traced(TRACE_ID))
    expectStatus(answer, 201)
    const notified = (names: string[]) => names.filter((name) => name === 'process send_mails').length
    const spans = await spansOf(TRACE_ID, (names) => notified(names) === 1 && names.includes('POST /v1/checkout'))
    const request = spans.find(({ kind }) => kind === 'server')
    expect(request).toMatchObject({
      name: 'POST /v1/checkout',
      parent_id: SPAN_ID,
      failed: false,
      service: 'stallwright',
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': 201,
        'stallwright.request_id': answer.headers.get('x-request-id'),
      },
    })
    const below = (parent: CollectedSpan | undefined) => spans.filter(({ parent_id }) => parent_id === parent?.span_id)
    const calls = below(request).filter(({ kind }) => kind === 'client')
    expect(calls.map(({ name }) => name)).toContainValues(['place_checkout', 'charge simulated', 'settle_checkout', 'EVALSHA'])
    expect(spans.find(({ name }) => name === 'place_checkout')?.attributes).toMatchObject({ 'db.system.name': 'postgresql' })
    const jobs = spans.filter(({ kind }) => kind === 'consumer')
    expect(jobs).toHaveLength(1)
    for (const job of jobs) {
      expect(request?.span_id).toBe(job.parent_id)
      expect(below(job).map(({ name }) => name)).toContain('take_mail')
    }
    // The spans contain nothing that the buyer typed.
    expect(JSON.stringify(spans)).not.toContain('Mill Lane')
  })

  test(
    'a search shows its calls to Elasticsearch, but not the query',
    async () => {
      const search = (word: string, trace_id: string) => setup.api('GET', `/v1/search?q=${word}`, { headers: traced(trace_id) })
      const source = async () => (await search('kettle', newTraceId())).headers.get('x-search-source')
      await eventually(START_MS, source, (name) => name === 'elasticsearch')
      const trace_id = newTraceId()
      await search('teapot', trace_id)
      const spans = await spansOf(trace_id, (names) => names.includes('GET /v1/search'))
      expect(spans.find(({ name }) => name === 'msearch')).toMatchObject({ kind: 'client', failed: false })
      expect(JSON.stringify(spans)).not.toContain('teapot')
    },
    START_MS,
  )

  test('a rejection has its reason, and probes are not recorded', async () => {
    const [missing, probed] = [newTraceId(), newTraceId()]
    await setup.api('GET', '/readyz', { headers: traced(probed) })
    const buyer = await makeBuyer(setup)
    await setup.sql`delete from cart_items where user_id = ${buyer.id}`
    expect((await checkOut(buyer, 'pm_card_visa', crypto.randomUUID(), traced(missing))).status).toBe(409)
    const spans = await spansOf(missing, (names) => names.includes('POST /v1/checkout'))
    expect(spans.find(({ kind }) => kind === 'server')).toMatchObject({
      failed: false,
      attributes: { 'http.response.status_code': 409, 'stallwright.problem': 'cart_empty' },
    })
    expect(spans.find(({ name }) => name === 'place_checkout')).toMatchObject({ failed: false })
    expect(collector.spans.filter(({ trace_id }) => trace_id === probed)).toEqual([])
  })

  test('a rejected statement has its code, but not its message', async () => {
    const trace_id = newTraceId()
    const { api } = await makeBuyer(setup)
    const body = { product_id: 999_999_999, quantity: 1 }
    expect((await api('POST', '/v1/cart/items', { body, headers: traced(trace_id) })).status).toBe(404)
    const spans = await spansOf(trace_id, (names) => names.includes('POST /v1/cart/items'))
    expect(spans.find(({ name }) => name === 'reserve_item')).toMatchObject({
      failed: true,
      attributes: { 'error.type': 'SWNTF' },
    })
    expect(JSON.stringify(spans)).not.toContain('There is no such')
  })

  test(
    'background work, such as the search indexer, is not recorded',
    async () => {
      await makeProduct(setup.sql, { title: 'Abacus of walnut' })
      const search = () => setup.api<SearchResult>('GET', '/v1/search?q=abacus', { headers: traced(newTraceId(), '00') })
      await eventually(
        WAIT_MS,
        async () => expectStatus(await search(), 200).total,
        (total) => total > 0,
      )
      const told = newTraceId()
      await setup.api('GET', '/v1/categories', { headers: traced(told) })
      await spansOf(told, (names) => names.includes('GET /v1/categories'))
      const roots = collector.spans.filter(({ parent_id }) => parent_id === '')
      expect(roots.filter(({ kind }) => kind !== 'server' && kind !== 'consumer')).toEqual([])
    },
    START_MS,
  )

  test('a request that its caller does not record is not recorded', async () => {
    const [silent, told] = [newTraceId(), newTraceId()]
    await setup.api('GET', '/v1/categories', { headers: traced(silent, '00') })
    await setup.api('GET', '/v1/categories', { headers: traced(told) })
    await spansOf(told, (names) => names.includes('GET /v1/categories'))
    expect(collector.spans.filter(({ trace_id }) => trace_id === silent)).toEqual([])
  })
})

test(
  'a collector that rejects everything, or is missing, fails no response and delays no exit',
  async () => {
    const collector = startTraceCollector({ refuses: true })
    for (const url of [collector.url, 'http://127.0.0.1:1']) {
      const setup = await openPaymentSetup({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '50' } })
      expectStatus(await checkOut(await makeBuyer(setup), 'pm_card_visa'), 201)
      await setup.close()
    }
    await collector.stop()
  },
  START_MS,
)
