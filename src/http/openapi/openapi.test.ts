import { describe, expect, test } from 'bun:test'
import { validate } from '@hyperjump/json-schema/openapi-3-1'
import { allSchemas, conforms, operationsOf, readOpenApi } from '../../../test/support/openapi.ts'
import { startServer } from '../../../test/support/server.ts'

const { api } = await startServer()
const document = await readOpenApi()
const operations = operationsOf(document)

/** The public calls that clients rely on. */
const PROMISED = `
POST /v1/users
POST /v1/sessions
DELETE /v1/sessions/current
GET /v1/me
PATCH /v1/me
POST /v1/shops
GET /v1/shops/{id}
PATCH /v1/shops/{id}
GET /v1/shops/{id}/products
GET /v1/shops/{id}/reviews
GET /v1/shops/{id}/orders
POST /v1/shops/{id}/products
GET /v1/products/{id}
PATCH /v1/products/{id}
DELETE /v1/products/{id}
GET /v1/categories
GET /v1/search
GET /v1/search/suggest
GET /v1/trending
GET /v1/recommendations
GET /v1/cart
POST /v1/cart/items
PATCH /v1/cart/items/{product_id}
DELETE /v1/cart/items/{product_id}
POST /v1/checkout
GET /v1/checkouts/{id}
GET /v1/orders
GET /v1/orders/{id}
GET /v1/orders/{id}/events
POST /v1/orders/{id}/ship
POST /v1/orders/{id}/deliver
POST /v1/orders/{id}/refund
POST /v1/orders/{id}/cancel
POST /v1/orders/{id}/review
PUT /v1/favorites/{fav_type}/{fav_id}
DELETE /v1/favorites/{fav_type}/{fav_id}
GET /v1/favorites
GET /livez
GET /readyz
GET /openapi.json
`
  .trim()
  .split('\n')

type Example = {
  status: string
  tracking: object | null
  payment: { status: string }
  orders: { status: string }[]
  slug: string
  ancestors: { slug: string }[]
}

describe('/openapi.json', () => {
  test('is valid OpenAPI 3.1, its schemas included', async () => {
    expect(await validate('https://spec.openapis.org/oas/3.1/schema-base', document as never, 'BASIC')).toEqual({ valid: true })
    expect(document.openapi).toStartWith('3.1.')
  })

  test('has every promised call', () => {
    const described = operations.map((operation) => `${operation.method} ${operation.path}`)
    expect(PROMISED.filter((call) => !described.includes(call))).toEqual([])
  })

  test('names each operation once, with a summary', () => {
    const ids = operations.map((operation) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { operationId, summary } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/)
      expect(summary).toMatch(/./)
    }
  })

  test('each call has a description beyond its summary, and each group has one', () => {
    for (const { operationId, summary, description } of operations) {
      expect([operationId, description.length > 20 && !description.includes(summary)]).toEqual([operationId, true])
    }
    const used = new Set(operations.flatMap(({ tags }) => tags))
    expect(document.tags.map(({ name }) => name).sort()).toEqual([...used].sort())
    for (const { description } of document.tags) expect(description).toMatch(/\.$/)
    const { description } = operations.find(({ operationId }) => operationId === 'checkOut') as (typeof operations)[number]
    for (const word of ['Idempotency-Key', '24 hours', '202', 'payment_declined', 'price_changed', 'idempotency_mismatch'])
      expect(description).toContain(word)
  })

  test('gives clients a whole URL, by default that of a local run', () => {
    const origins = document.servers.map(({ url, variables }) => [url, variables.origin.default])
    expect(origins).toEqual([['{origin}', 'http://localhost:3000']])
  })

  test('declares every path parameter, and every reference resolves', () => {
    for (const { path, parameters = [] } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)).toEqual(
        inPath as string[],
      )
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] as string)
    expect(references.length).toBeGreaterThan(10)
    for (const reference of new Set(references)) expect(lookUp(reference)).toBeObject()
  })

  test('lists all responses of each call, with problems', () => {
    for (const { operationId, signed_in, body, parameters = [], responses } of operations) {
      const statuses = Object.keys(responses)
      const expected = [
        ...['400', '500', '503'],
        ...(signed_in ? ['401'] : []),
        ...(body ? ['400', '413', '415', '422'] : []),
        ...(parameters.some((parameter) => parameter.in === 'path') ? ['422'] : []),
      ]
      expect([operationId, expected.filter((status) => !statuses.includes(status))]).toEqual([operationId, []])
      expect(statuses.some((status) => status.startsWith('2'))).toBe(true)
      for (const [status, { content = {} }] of Object.entries(responses)) {
        if (status.startsWith('4') || status.startsWith('5')) expect(Object.keys(content)).toEqual(['application/problem+json'])
      }
    }
  })

  test('shows an example of each body and response that matches its schema', async () => {
    let shown = 0
    for (const { operationId, pointer, requestBody, responses } of operations) {
      const places = [
        [`${pointer}/requestBody`, requestBody] as const,
        ...Object.entries(responses)
          .filter(([status]) => status < '400')
          .map(([status, answer]) => [`${pointer}/responses/${status}`, answer] as const),
      ]
      for (const [place, holder] of places) {
        const json = holder?.content?.['application/json']
        if (!json) continue
        const is_right = json.example !== undefined && (await conforms(`${place}/content/application~1json/schema`, json.example))
        expect([operationId, place, is_right]).toEqual([operationId, place, true])
        shown++
      }
    }
    expect(shown).toBeGreaterThan(60)
  })

  test('shows examples that agree with each other after the call', () => {
    const shown = (id: string, status: string): Example =>
      operations.find(({ operationId }) => operationId === id)?.responses[status]?.content?.['application/json']
        ?.example as Example
    const moves = ['shipOrder', 'deliverOrder', 'cancelOrder', 'refundOrder'].map((id) => shown(id, '200'))
    expect(moves.map(({ status }) => status)).toEqual(['shipped', 'delivered', 'cancelled', 'refunded'])
    expect(moves.map(({ tracking }) => tracking !== null)).toEqual([true, true, false, false])
    for (const [answer, status] of [
      ['201', 'paid'],
      ['202', 'pending'],
    ] as const) {
      const checkout = shown('checkOut', answer)
      expect([checkout.status, checkout.payment.status, checkout.orders[0]?.status]).toEqual([status, status, status])
    }
    const { slug, ancestors } = shown('getCategory', '200')
    expect(ancestors.map((above) => above.slug)).not.toContain(slug)
  })

  test('names every object for generated clients', () => {
    const unnamed = allSchemas(document).filter(
      ({ path, schema }) => schema.properties && !/^#\/components\/schemas\/\w+$/.test(path),
    )
    expect(unnamed.map(({ path }) => path)).toEqual([])
    for (const name of Object.keys(document.components.schemas)) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/)
      // In Go the constructor of a type is called New and the type's name.
      expect(name).not.toStartWith('New')
    }
  })

  test('has no unused schema, example or header', () => {
    const { schemas, responses } = document.components
    const text = JSON.stringify(document)
    const { headers, examples } = document.components as unknown as Record<string, Record<string, unknown>>
    for (const [kind, members] of Object.entries({ schemas, responses, headers, examples }))
      for (const name of Object.keys(members ?? {}))
        expect([name, text.includes(`"#/components/${kind}/${name}"`)]).toEqual([name, true])
  })

  test('gives generated clients 64 bits for ids, and no boolean with one value', () => {
    let ids = 0
    for (const { path, name, schema } of allSchemas(document)) {
      const is_id = schema.type === 'integer' && (/(^|_)id$/.test(name) || (schema.maximum ?? 0) > 2 ** 31 - 1)
      if (is_id) expect([path, schema.format]).toEqual([path, 'int64'])
      if (is_id) ids++
      if (schema.type === 'boolean') expect([path, 'const' in schema, 'enum' in schema]).toEqual([path, false, false])
    }
    expect(ids).toBeGreaterThan(30)
  })

  test('lists the headers of responses', () => {
    for (const { operationId, responses } of operations) {
      for (const [status, { headers = {}, content }] of Object.entries(responses)) {
        const expected = [
          'X-Request-Id',
          ...(status === '201' ? ['Location'] : []),
          ...(status === '401' ? ['WWW-Authenticate'] : []),
          ...(status === '429' || status === '503' ? ['Retry-After'] : []),
          ...(status === '304' ? ['ETag'] : []),
          ...(JSON.stringify(content?.['application/json']?.example ?? '').includes('"next_cursor"') ? ['Link'] : []),
        ]
        expect([operationId, status, expected.filter((name) => !(name in headers))]).toEqual([operationId, status, []])
      }
    }
  })

  test('links only to existing calls and parameters', () => {
    const links = operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap((answer) => Object.values(answer.links ?? {})),
    )
    expect(links.length).toBeGreaterThan(5)
    for (const link of links) {
      const target = operations.find((operation) => operation.operationId === link.operationId)
      const names = target?.parameters?.map((parameter) => parameter.name)
      for (const name of Object.keys(link.parameters)) expect(names).toContain(name)
    }
  })

  test('can be revalidated with its ETag', async () => {
    const etag = (await api('GET', '/openapi.json')).headers.get('etag')
    if (!etag) throw new Error('there is no ETag')
    expect((await api('GET', '/openapi.json', { headers: { 'If-None-Match': etag } })).status).toBe(304)
  })
})

function lookUp(reference: string): unknown {
  const keys = reference
    .replace(/^#\//, '')
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  return keys.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document)
}
