/**
 * The big list of naughty strings (MIT, by Max Woolf) in the texts of every body and every query of /openapi.json: stored and
 * returned unchanged, or rejected with the name of the field.
 */
import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import naughtyStrings from 'big-list-of-naughty-strings/blns.json'
import { expectProblem, fieldsOf, type ProblemBody } from '../support/api.ts'
import type { Answer } from '../support/client.ts'
import {
  escapePointer,
  type Operation,
  operationsOf,
  putInto,
  readOpenApi,
  resolveSchema,
  type Schema,
  sampleOf,
} from '../support/openapi.ts'
import { PURCHASE } from '../support/purchase.ts'
import type { Order, Product, Shop } from '../support/responses.ts'
import { startServer } from '../support/server.ts'
import {
  addAddress,
  addProcessingProfile,
  addSection,
  addShippingProfile,
  addToCart,
  anyCategory,
  buy,
  listItem,
  makeSeller,
  reviewOrder,
  type Shopper,
  sendParcel,
  shipOrder,
  signUp,
} from '../support/shopper.ts'

setDefaultTimeout(180_000)
const AT_ONCE = 10
/** A call that needs an order, a shop or a listing for each text gets every fifth one, from another start for each call. */
const STEP_OF_COSTLY = 5
/** Calls whose texts are skus, which few of the strings can be. */
const OF_SKUS = ['addVariant', 'updateVariant']

const { api } = await startServer()
const document = await readOpenApi()
const operations = operationsOf(document)

let seller: Shopper
let shop: Shop
let product: Product
/** The product that calls can change, for example to quantity 1. */
let changed: Product
/** It takes a text of the buyer. */
let personalized: Product
let category_id: number
/** One for each concurrent call. */
let buyers: Shopper[]

beforeAll(async () => {
  buyers = await Promise.all(Array.from({ length: AT_ONCE }, () => signUp('Bo')))
  ;({ seller, shop } = await makeSeller())
  product = await listItem(seller, shop, { quantity: 100_000 })
  changed = await listItem(seller, shop)
  personalized = await listItem(seller, shop, { quantity: 100_000, personalization: TEXT })
  category_id = await anyCategory()
})

type Target = { token?: string; id?: number }

/** Callers and targets of calls other than the seller's on their shop or product. Each call gets its own order. */
const targets: Record<string, (buyer: Shopper) => Promise<Target>> = {
  shipOrder: async (buyer) => ({ token: seller.token, id: (await buy(buyer, product)).id }),
  makeShipment: async (buyer) => ({ token: seller.token, id: (await buy(buyer, product)).id }),
  makeRefund: async (buyer) => ({ token: seller.token, id: (await buy(buyer, product)).id }),
  correctTracking: async (buyer) => ({ token: seller.token, id: (await sendParcel(seller, await buy(buyer, product))).id }),
  reviewOrder: async (buyer) => ({ token: buyer.token, id: (await buyShipped(buyer)).id }),
  replyToReview: async (buyer) => ({ token: seller.token, id: (await reviewOrder(buyer, await buyShipped(buyer))).id }),
  addCartItem: async (buyer) => ({ token: buyer.token }),
  checkOut: async (buyer) => {
    await addToCart(buyer, product)
    return { token: buyer.token }
  },
  // Without another address, each one is the default, which a change cannot unset.
  updateAddress: async (buyer) => ({ token: buyer.token, id: (await addAddress(buyer)).id }),
  addSection: () => ofAnother(async (_, { id }) => id),
  updateSection: () => ofAnother(async (...owner) => (await addSection(...owner)).id),
  addProcessingProfile: () => ofAnother(async (_, { id }) => id),
  updateProcessingProfile: () => ofAnother(async (...owner) => (await addProcessingProfile(...owner)).id),
  addShippingProfile: () => ofAnother(async (_, { id }) => id),
  updateShippingProfile: () => ofAnother(async (...owner) => (await addShippingProfile(...owner)).id),
  addVariant: async () => ({ token: seller.token, id: (await listItem(seller, shop, { options: SIZES })).id }),
  updateVariant: async () => {
    const { variants } = await listItem(seller, shop, { options: SIZES, variants: [{ option_values: ['M'] }] })
    return { token: seller.token, id: variants?.[0]?.id as number }
  },
  // Not the seller: with the password, the account would be deleted.
  deleteMe: async (buyer) => ({ token: buyer.token }),
}

/** A shop has a limited number of sections and profiles, so each call gets its own shop. */
async function ofAnother(makeTarget: (seller: Shopper, shop: Shop) => Promise<number>): Promise<Target> {
  const other = await makeSeller()
  return { token: other.seller.token, id: await makeTarget(other.seller, other.shop) }
}

const TEXT = { instructions: 'Your text', is_required: false, max_length: 1024 }
const SIZES = [{ name: 'Size', values: ['S', 'M'] }]

/** The parts of a body beside the texts, where its example lacks them, or has a password that is wrong. */
const bodies: Record<string, () => object> = {
  checkOut: () => ({ ...PURCHASE, notes: [{ shop_id: shop.id }] }),
  updateMe: () => ({ locale: 'en' }),
  // The other parts need a listing with variants, or a stock that the listing does not share with them.
  updateProduct: () => ({ options: SIZES, personalization: TEXT }),
  addVariant: () => ({ option_values: ['M'] }),
  updateVariant: () => ({ option_values: ['M'] }),
  addCartItem: () => ({ product_id: personalized.id, quantity: 1 }),
}
/** Calls that prove who the caller is. They refuse every text but one. */
const PROOFS = [
  'signIn',
  'changePassword',
  'deleteMe',
  'addSecondFactor',
  'removeSecondFactor',
  'confirmSecondFactor',
  'confirmEmail',
  'confirmPasswordReset',
]
/** Calls whose only text is an e-mail. */
const OF_EMAILS = ['startGuestSession', 'requestPasswordReset']

async function buyShipped(buyer: Shopper): Promise<Order> {
  const order = await buy(buyer, product)
  await shipOrder(seller, order)
  return order
}

async function targetOf({ operationId, path }: Operation, slot: number): Promise<Target> {
  const ids: Record<string, number> = { shops: shop.id, products: changed.id }
  const id = ids[path.split('/')[2] ?? '']
  return targets[operationId]?.(buyers[slot] as Shopper) ?? { token: seller.token, ...(id ? { id } : {}) }
}

/** Texts that no response shows as they are. */
const HIDDEN = [
  'password',
  'current_password',
  'new_password',
  'shipping_address',
  'payment_method',
  'personalization',
  'price',
  'holder_name',
]
/** Fields that need a certain value for the call to succeed. */
const CERTAIN = [
  'amount',
  'iban',
  'shipping',
  'category_id',
  'product_id',
  'country',
  'payment_method',
  'expected_total',
  'is_on_vacation',
]
const certain = () => {
  const ids = { category_id, product_id: product.id }
  const of_calls = { country: 'DE', payment_method: 'pm_card_visa', expected_total: null, is_on_vacation: false }
  return { ...ids, ...of_calls, is_vintage: true, when_made: '1965' }
}

type Place = string[]

/** Returns the key paths of free texts in the body. */
function textPlacesOf(given: Schema, above: Place = []): Place[] {
  const schema = resolveSchema(document, given)
  if (schema.anyOf) return textPlacesOf(schema.anyOf[0] as Schema, above)
  if (schema.items) return textPlacesOf(schema.items, [...above, '0'])
  if (schema.type === 'string' && !schema.enum) return [above]
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    CERTAIN.includes(key) ? [] : textPlacesOf(property, [...above, key]),
  )
}

const pointerOf = (place: Place) => `#${place.map((key) => `/${escapePointer(key)}`).join('')}`

/** Returns all texts within a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

function send(operation: Operation, { token, id }: Target, body: unknown): Promise<Answer<ProblemBody>> {
  const path = operation.path.replace(/\{\w+\}/, String(id))
  const headers = { 'Idempotency-Key': crypto.randomUUID(), 'If-Match': '*' }
  return api(operation.method, path, { body, headers, token: operation.signed_in ? token : undefined })
}

/** Sends a text in every field at once, then only in those that accept it: the response must return it unchanged. */
async function tryText(operation: Operation, places: Place[], text: string, slot: number): Promise<number> {
  const unique = { email: `${crypto.randomUUID()}@example.com`, sku: crypto.randomUUID() }
  const sample = bodies[operation.operationId]?.() ?? sampleOf(document, operation.body as Schema, { ...certain(), ...unique })
  const target = await targetOf(operation, slot)
  let left = places
  for (;;) {
    const body = left.reduce<unknown>((all, place) => putInto(all, place, text), sample)
    const answer = await send(operation, target, body)
    const shown = `${operation.operationId} with ${JSON.stringify(text)}: ${answer.status} ${answer.text.slice(0, 300)}`
    if (answer.status < 300) {
      const stored = left.filter(([first]) => !HIDDEN.includes(first as string))
      if (stored.length > 0 && answer.text !== '' && !textsIn(answer.body).includes(text)) throw new Error(`changed: ${shown}`)
      return left.length
    }
    // Well-formed, but not the password, the code or the token.
    if (PROOFS.includes(operation.operationId) && [401, 404, 422].includes(answer.status)) return 0
    if (![409, 422].includes(answer.status)) throw new Error(shown)
    const refused = fieldsOf(expectProblem(answer, answer.status))
    const kept = left.filter((place) => !refused.includes(pointerOf(place)))
    if (kept.length === left.length) throw new Error(`refused without its name: ${shown}`)
    left = kept
  }
}

function textsFor({ operationId }: Operation): string[] {
  const start = Object.keys(targets).indexOf(operationId)
  const takesAll = start < 0 || OF_SKUS.includes(operationId)
  return naughtyStrings.filter((_, place) => takesAll || place % STEP_OF_COSTLY === start % STEP_OF_COSTLY)
}

const withTexts = operations
  .filter((operation) => operation.body && operation.operationId !== 'receivePaymentEvent')
  .map((operation): [string, Operation, Place[]] => {
    const places = textPlacesOf(operation.body as Schema)
    // Beside the password, no text of updateMe would be stored.
    const is_proof = ([first]: Place) => operation.operationId === 'updateMe' && ['email', 'password'].includes(first as string)
    return [operation.operationId, operation, places.filter((place) => !is_proof(place))]
  })
  .filter(([, , places]) => places.length > 0)

describe('bodies', () => {
  test.each(withTexts)('%s', async (_, operation, places) => {
    const texts = textsFor(operation)
    let accepted = 0
    // An account can run one check of the password at a time.
    const at_once = PROOFS.includes(operation.operationId) ? 1 : AT_ONCE
    for (let at = 0; at < texts.length; at += at_once) {
      const batch = texts.slice(at, at + at_once)
      const counts = await Promise.all(batch.map((text, slot) => tryText(operation, places, text, slot)))
      accepted += counts.reduce((sum, count) => sum + count, 0)
    }
    // Users can write what they like, so a rule that rejects most strings is wrong. No proof and no e-mail is one of them.
    if (![...PROOFS, ...OF_EMAILS].includes(operation.operationId)) expect(accepted).toBeGreaterThan(0)
  })
})

const textQueries = operations.flatMap((operation) =>
  (operation.parameters ?? [])
    .filter(({ in: place, schema }) => place === 'query' && resolveSchema(document, schema).type === 'string')
    .map(({ name }): [string, Operation, string] => [`${operation.operationId} ${name}`, operation, name]),
)

describe('queries', () => {
  test.each(textQueries)('%s', async (_, operation, name) => {
    const target = await targetOf(operation, 0)
    const path = operation.path.replace(/\{\w+\}/, String(target.id))
    for (let at = 0; at < naughtyStrings.length; at += AT_ONCE) {
      const texts = naughtyStrings.slice(at, at + AT_ONCE)
      const ask = (text: string) =>
        api<ProblemBody>(operation.method, `${path}?${name}=${encodeURIComponent(text)}`, { token: target.token })
      for (const answer of await Promise.all(texts.map(ask))) {
        expect([200, 304, 400, 404, 422]).toContain(answer.status)
        if (answer.status >= 400) expectProblem(answer, answer.status)
      }
    }
  })
})
