/** Sends every hostile value in every input of every call of /openapi.json: never a 5xx, and nothing half-written. */
import { beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf, type ProblemBody } from '../support/api.ts'
import type { Answer, Api } from '../support/client.ts'
import { hostileJson, hostileKeys, hostileUrlValues, isUnstorable } from '../support/hostile_values.ts'
import {
  conforms,
  escapePointer,
  named,
  type OpenApi,
  type Operation,
  operationsOf,
  type Parameter,
  putInto,
  readOpenApi,
  resolveSchema,
  type Schema,
  sampleOf,
} from '../support/openapi.ts'
import type { Order, Product, Review, SavedAddress, Section, Shipment, Shop } from '../support/responses.ts'
import { startServer } from '../support/server.ts'
import {
  addAddress,
  addProcessingProfile,
  addSection,
  addShippingProfile,
  addToCart,
  anyCategory,
  buy,
  listCategories,
  listItem,
  makeSeller,
  openShop,
  reviewOrder,
  type Shopper,
  sendParcel,
  signUp,
} from '../support/shopper.ts'

const { api, sql } = await startServer()
const document: OpenApi = await readOpenApi()
const operations = operationsOf(document)

let seller: Shopper
let buyer: Shopper
/** The shop that calls can change, for example to be on vacation. Purchases use another shop of the seller. */
let shop: Shop
let product: Product
let variant_id: number
/** The product that calls can change, for example to quantity 0. */
let changed: Product
let order: Order
let review: Review
let shipment: Shipment
/** Not the default, so that the calls can change is_default. */
let address: SavedAddress
let section: Section
let profile_id: number
let shipping_profile_id: number
/** A line of the buyer's cart. */
let line_id: number
let category_id: number
let category: string

beforeAll(async () => {
  ;({ seller, shop } = await makeSeller())
  product = await listItem(seller, await openShop(seller), { quantity: 100_000 })
  const options = [{ name: 'Size', values: ['S', 'M'] }]
  changed = await listItem(seller, shop, { options })
  const variants = [{ option_values: ['M'], quantity: 5 }]
  const varied = await listItem(seller, shop, { options, variants, stock_by: 'variant', quantity: undefined })
  variant_id = varied.variants?.[0]?.id as number
  buyer = await signUp()
  order = await buy(buyer, product)
  const reviewed = await buy(buyer, product)
  shipment = await sendParcel(seller, reviewed)
  review = await reviewOrder(buyer, reviewed)
  ;({ line_id } = await addToCart(buyer, product))
  await addAddress(buyer)
  address = await addAddress(buyer)
  section = await addSection(seller, shop)
  profile_id = (await addProcessingProfile(seller, shop)).id
  shipping_profile_id = (await addShippingProfile(seller, shop)).id
  category_id = await anyCategory()
  category = (await listCategories())[0]?.slug as string
})

/** Calls of the shop's owner. The buyer makes the others. */
const OF_SELLER = [
  'updateShop',
  'addProcessingProfile',
  'addShippingProfile',
  'updateShippingProfile',
  'updateProcessingProfile',
  'removeProcessingProfile',
  'addSection',
  'updateSection',
  'removeSection',
  'listShopOrders',
  'getShopStatistics',
  'listProduct',
  'updateProduct',
  'archiveProduct',
  'restoreProduct',
  'copyProduct',
  'setQuantity',
  'addVariant',
  'updateVariant',
  'archiveVariant',
  'setVariantQuantity',
  'shipOrder',
  'deliverOrder',
  'refundOrder',
  'makeRefund',
  'makeShipment',
  'correctTracking',
  'replyToReview',
  'removeReply',
  'getBalance',
  'listLedger',
  'listPayouts',
  'getPayout',
  'getStatement',
  'openPayoutAccount',
  'getPayoutAccount',
]

/** Valid values of the path variables and of body fields that need a certain one. The test fails for a missing variable. */
function knownValues(operation: Operation): Record<string, unknown> {
  const id = {
    shops: shop.id,
    products: changed.id,
    sections: section.id,
    'processing-profiles': profile_id,
    'shipping-profiles': shipping_profile_id,
    variants: variant_id,
    pictures: 1,
    // The session of no user, so that the tests keep theirs.
    sessions: Number.MAX_SAFE_INTEGER,
    orders: order.id,
    checkouts: order.checkout_id,
    reviews: review.id,
    shipments: shipment.id,
    me: address.id,
  }[operation.path.split('/')[2] ?? '']
  const email = `${crypto.randomUUID()}@example.com`
  const words = {
    fav_type: 'product',
    provider: 'simulated',
    category,
    country: 'DE',
    payment_method: 'pm_card_visa',
    current_password: 'not the password',
    token: 'not a token of a mail',
    sku: null,
    // No call plans a payout.
    payout_id: 1,
    section_id: null,
    variants: [],
    variant_quantities: [],
    variant_id: null,
    // The listing of the sample asks for no text.
    ...(operation.operationId === 'addCartItem' ? { personalization: null } : {}),
    slug: category,
    key: '1-0123456789abcdef0123456789abcdef',
    file: 'full.webp',
    email,
  }
  return { ...words, category_id, product_id: product.id, fav_id: product.id, line_id, ...(id ? { id } : {}) }
}

const pathOf = (operation: Operation, changes: Record<string, string> = {}) =>
  operation.path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = changes[name] ?? knownValues(operation)[name]
    if (value === undefined) throw new Error(`no sample of {${name}} in ${operation.path}`)
    return String(value)
  })

type Call = { path?: string; raw?: string }
type NamedCall = Call & { field: string }

function send(operation: Operation, { path, raw }: Call): Promise<Answer<ProblemBody>> {
  const who = OF_SELLER.includes(operation.operationId) ? seller : buyer
  const call: Api = operation.signed_in ? who.call : api
  const key: Record<string, string> = ['checkOut', 'makeRefund'].includes(operation.operationId)
    ? { 'Idempotency-Key': crypto.randomUUID() }
    : {}
  const content: Record<string, string> = raw === undefined ? {} : { 'Content-Type': 'application/json' }
  return call(operation.method, path ?? pathOf(operation), {
    ...(raw === undefined ? {} : { raw }),
    headers: { ...key, ...content, 'If-Match': '*' },
  })
}

const bodyOf = (operation: Operation) =>
  sampleOf(document, operation.body as Schema, knownValues(operation)) as Record<string, unknown>

const countRows = async () => {
  // The job of a refund writes an event when the provider has made it.
  while ((await sql?.unsafe("select from refunds where status in ('pending', 'sent')"))?.length) await Bun.sleep(20)
  const [row] = (await sql?.unsafe(
    `select ${[
      'users',
      'sessions',
      'addresses',
      'shops',
      'shop_sections',
      'products',
      'cart_items',
      'checkouts',
      'orders',
      'order_items',
      'order_events',
      'payments',
      'refunds',
      'reviews',
      'favorites',
    ]
      .map((table) => `(select count(*) from ${table}) as ${table}`)
      .join()}, (select md5(string_agg(p::text, '' order by p.id)) from products p where p.shop_id = ${shop.id}) as stall`,
  )) ?? [{}]
  return row as Record<string, unknown>
}

const shown = ({ raw, path = '' }: Call) => (raw ?? path).slice(0, 300)

/** Sends the calls, a limited number at a time. */
async function sendAll<C extends Call>(
  operation: Operation,
  calls: C[],
  at_once: number,
  look: (answer: Answer<ProblemBody>, call: C) => void,
) {
  for (let at = 0; at < calls.length; at += at_once) {
    await Promise.all(calls.slice(at, at + at_once).map(async (call) => look(await send(operation, call), call)))
  }
}

/** Sends calls that must all fail and name the field. Asserts that none of them wrote anything. */
async function expectRefused(operation: Operation, calls: NamedCall[]) {
  const before = await countRows()
  await sendAll(operation, calls, 10, (answer, call) => {
    if (answer.status !== 422) throw new Error(`${call.field} took ${shown(call)}: ${answer.status} ${answer.text.slice(0, 300)}`)
    const wrong = fieldsOf(expectProblem(answer, 422, 'invalid_input'))
    const isNamed = wrong.some((pointer) => pointer === call.field || pointer.startsWith(`${call.field}/`))
    if (!isNamed) throw new Error(`${call.field} is not named by ${answer.text.slice(0, 300)}, sent ${shown(call)}`)
  })
  expect(await countRows()).toEqual(before)
}

/**
 * Sends calls that can succeed. An error is a complete 4xx problem; failed calls write nothing, except declined payments. A 429 can
 * succeed later.
 */
async function expectSane(operation: Operation, calls: Call[]) {
  const refused: Call[] = []
  const before = await countRows()
  const look = (answer: Answer<ProblemBody>, call: Call) => {
    if (answer.status >= 500)
      throw new Error(`${operation.operationId} took ${shown(call)}: ${answer.status} ${answer.text.slice(0, 300)}`)
    if (answer.status >= 400) expectProblem(answer, answer.status)
    if (answer.status >= 400 && answer.status !== 402 && answer.status !== 429) refused.push(call)
  }
  if (operation.operationId === 'checkOut') return checkOutWithEach(operation, calls, look)
  await sendAll(operation, calls, 10, look)
  const after = await countRows()
  if (refused.length === calls.length) return expect(after).toEqual(before)
  await sendAll(operation, refused, 10, (answer) => expect(answer.status).toBeWithin(400, 500))
  expect(await countRows()).toEqual(after)
}

/** A checkout needs an item in the cart, and a failed call leaves it there. */
async function checkOutWithEach(operation: Operation, calls: Call[], look: (answer: Answer<ProblemBody>, call: Call) => void) {
  for (const call of calls) {
    await addToCart(buyer, product)
    await sendAll(operation, [call], 1, look)
  }
}

/** A sample has no valid new password, mailed token or code, and must not change any. Other samples succeed, or meet a state. */
const statusesOfSample: Record<string, number[]> = {
  // The variants of the listing share its stock.
  addVariant: [422],
  changePassword: [422],
  confirmEmail: [422],
  confirmPasswordReset: [422],
  confirmSecondFactor: [404, 422],
  removeSecondFactor: [404, 422],
  requestPasswordReset: [202],
  // The sample of addSection has the same name.
  updateSection: [422],
  // The sample gives the id of the shop to an upgrade.
  addShippingProfile: [422],
  updateShippingProfile: [422],
}

describe('samples', () => {
  test.each(named(operations.filter((operation) => operation.body)))('%s: its own sample is valid', async (_, operation) => {
    expect(await conforms(`${operation.pointer}/requestBody/content/application~1json/schema`, bodyOf(operation))).toBe(true)
    if (['checkOut', 'changeCartLine'].includes(operation.operationId)) ({ line_id } = await addToCart(buyer, product))
    const answer = await send(operation, { raw: JSON.stringify(bodyOf(operation)) })
    expect(statusesOfSample[operation.operationId] ?? [200, 201, 401, 409]).toContain(answer.status)
  })
})

describe('bodies', () => {
  test.each(named(operations.filter((operation) => operation.body)))('%s', async (_, operation) => {
    const schemaPointer = `${operation.pointer}/requestBody/content/application~1json/schema`
    const [wrong, right]: [NamedCall[], Call[]] = [[], []]
    for (const place of placesOf(operation.body as Schema)) {
      for (const json of hostileJson) {
        const raw = JSON.stringify(putInto(bodyOf(operation), place, PLACEHOLDER)).replace(
          JSON.stringify(PLACEHOLDER),
          () => json,
        )
        const value = JSON.parse(raw)
        const isLegal = !isUnstorable(value) && (await conforms(schemaPointer, value))
        if (isLegal) right.push({ raw })
        else wrong.push({ raw, field: `#${place.map((key) => `/${key}`).join('')}` })
      }
    }
    for (const key of hostileKeys) {
      const raw = JSON.stringify(bodyOf(operation)).replace('{', () => `{${key}:1,`)
      wrong.push({ raw, field: '#' })
    }
    expect(wrong.length).toBeGreaterThan(40)
    await expectRefused(operation, wrong)
    await expectSane(operation, right)
  })
})

describe('paths', () => {
  test.each(named(operations.filter((operation) => operation.path.includes('{'))))('%s', async (_, operation) => {
    const [wrong, right]: [NamedCall[], Call[]] = [[], []]
    const raw = operation.body ? JSON.stringify(bodyOf(operation)) : undefined
    for (const [i, parameter] of (operation.parameters ?? []).entries()) {
      if (parameter.in !== 'path') continue
      // A slash or a dot segment makes another path, which has other tests.
      for (const value of hostileUrlValues.filter((one) => !/%2f|%5c|%2e%2e/i.test(one))) {
        const call = { path: pathOf(operation, { [parameter.name]: value }), ...(raw ? { raw } : {}) }
        if (await isLegalInUrl(operation, parameter, i, value)) right.push(call)
        else wrong.push({ ...call, field: `#/${parameter.name}` })
      }
    }
    // Any short text can be a token. Only a few values are ids, or words of a list.
    expect(operation.path.endsWith('{token}') ? right.length : wrong.length).toBeGreaterThan(20)
    await expectRefused(operation, wrong)
    await expectSane(operation, right)
  })
})

describe('queries', () => {
  test.each(named(operations.filter((operation) => operation.parameters?.some((parameter) => parameter.in === 'query'))))(
    '%s',
    async (_, operation) => {
      const [wrong, right]: [NamedCall[], Call[]] = [[], []]
      for (const [i, parameter] of (operation.parameters ?? []).entries()) {
        if (parameter.in !== 'query') continue
        for (const value of hostileUrlValues) {
          const path = `${pathOf(operation)}?${parameter.name}=${value}`
          if (parameter.name !== 'cursor' && (await isLegalInUrl(operation, parameter, i, value))) right.push({ path })
          else wrong.push({ path, field: `#/${parameter.name}` })
        }
      }
      await expectRefused(operation, wrong)
      await expectSane(operation, right)
    },
  )
})

const PLACEHOLDER = '\u{f8ff}'

/** Returns the key path of every field of a body, nested objects and list entries included. */
function placesOf(given: Schema, above: string[] = []): string[][] {
  const schema = resolveSchema(document, given)
  const inside = schema.anyOf?.map((one) => resolveSchema(document, one)).find((one) => one.properties) ?? schema
  if (schema.items) return [[...above, '0']]
  return Object.entries(inside.properties ?? {}).flatMap(([key, property]) => [
    [...above, escapePointer(key)],
    ...placesOf(property, [...above, escapePointer(key)]),
  ])
}

/** Returns whether a value of the URL, parsed as number or boolean, matches the parameter's schema. */
async function isLegalInUrl(operation: Operation, { name, schema }: Parameter, index: number, encoded: string): Promise<boolean> {
  const text = new URL(`http://localhost/?${name}=${encoded}`).searchParams.get(name) ?? ''
  const { type } = resolveSchema(document, schema)
  const isNumber = type === 'integer' && /^-?\d{1,16}$/.test(text)
  const value = isNumber ? Number(text) : type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : text
  const given = type === 'array' ? [value] : value
  return !isUnstorable(value) && conforms(`${operation.pointer}/parameters/${index}/schema`, given)
}

test('the server still works afterwards', async () => {
  expectStatus(await api('GET', '/readyz'), 200)
  expectStatus(await api('GET', `/v1/products/${product.id}`), 200)
})
