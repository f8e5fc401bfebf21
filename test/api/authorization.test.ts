/**
 * The access matrix: every call of `/openapi.json` with a variable in its path, for every kind of caller. The test fails for a
 * call that the table lacks, and for one that the API no longer has.
 */
import { beforeAll, describe, expect, test } from 'bun:test'
import { expectStatus, type ProblemBody } from '../support/api.ts'
import type { Answer } from '../support/client.ts'
import { type Operation, operationsOf, pathToNothing, readOpenApi, type Schema, sampleOf } from '../support/openapi.ts'
import { PURCHASE } from '../support/purchase.ts'
import type {
  Category,
  Checkout,
  LiveSession,
  Order,
  Picture,
  ProcessingProfile,
  Product,
  Review,
  SavedAddress,
  Section,
  Shipment,
  ShippingProfile,
  Shop,
  Variant,
} from '../support/responses.ts'
import { startServer } from '../support/server.ts'
import {
  addAddress,
  addProcessingProfile,
  addSection,
  addShippingProfile,
  addToCart,
  buy,
  listCategories,
  listItem,
  makeSeller,
  reviewOrder,
  type Shopper,
  sendParcel,
  shipOrder,
  signUp,
  uploadPicture,
} from '../support/shopper.ts'

/** The owner has the shop and sold the order; the buyer bought it. The others have their own order and shop. */
const people = ['anonymous', 'owner', 'buyer', 'other_seller', 'other_buyer'] as const
type Person = (typeof people)[number]

/**
 * The response to a caller: `ok` any success; `login` 401; `denied` 403, for another user's public resource; `absent` the same as
 * a missing resource, for another user's private one; `refused` another 4xx.
 */
type Cell = 'ok' | 'login' | 'denied' | 'absent' | 'refused'

const everybody: Cell[] = ['ok', 'ok', 'ok', 'ok', 'ok']
const signedIn: Cell[] = ['login', 'ok', 'ok', 'ok', 'ok']
const shopOwner: Cell[] = ['login', 'ok', 'denied', 'denied', 'denied']
const ownerAlone: Cell[] = ['login', 'ok', 'absent', 'absent', 'absent']
const buyerAlone: Cell[] = ['login', 'absent', 'ok', 'absent', 'absent']

const matrix: Record<string, Cell[]> = {
  //                  anonymous owner     buyer     other seller  other buyer
  getCategory: everybody,
  getShop: everybody,
  listShopProducts: everybody,
  listShopReviews: everybody,
  listShippingProfiles: everybody,
  addShippingProfile: shopOwner,
  updateShippingProfile: shopOwner,
  removeShippingProfile: shopOwner,
  updateShop: shopOwner,
  listSections: everybody,
  addSection: shopOwner,
  updateSection: shopOwner,
  removeSection: shopOwner,
  listProduct: shopOwner,
  listProcessingProfiles: everybody,
  addProcessingProfile: shopOwner,
  updateProcessingProfile: shopOwner,
  removeProcessingProfile: shopOwner,
  listShopOrders: shopOwner,
  getShopStatistics: shopOwner,
  getBalance: shopOwner,
  listLedger: shopOwner,
  listPayouts: shopOwner,
  getPayout: shopOwner,
  getStatement: shopOwner,
  openPayoutAccount: shopOwner,
  getPayoutAccount: shopOwner,
  getProduct: everybody,
  getPostage: everybody,
  updateProduct: shopOwner,
  getQuantity: everybody,
  setQuantity: shopOwner,
  archiveProduct: shopOwner,
  restoreProduct: shopOwner,
  copyProduct: shopOwner,
  listVariants: everybody,
  addVariant: shopOwner,
  getVariant: everybody,
  updateVariant: shopOwner,
  archiveVariant: shopOwner,
  getVariantQuantity: everybody,
  setVariantQuantity: shopOwner,
  getOrder: /*       */ ['login', 'ok', 'ok', 'absent', 'absent'],
  listOrderEvents: /**/ ['login', 'ok', 'ok', 'absent', 'absent'],
  cancelOrder: /*    */ ['login', 'ok', 'ok', 'absent', 'absent'],
  shipOrder: /*      */ ['login', 'ok', 'denied', 'absent', 'absent'],
  deliverOrder: /*   */ ['login', 'ok', 'denied', 'absent', 'absent'],
  receiveOrder: /*   */ ['login', 'denied', 'ok', 'absent', 'absent'],
  listRefunds: /*    */ ['login', 'ok', 'ok', 'absent', 'absent'],
  makeRefund: /*     */ ['login', 'ok', 'denied', 'absent', 'absent'],
  makeShipment: /*   */ ['login', 'ok', 'denied', 'absent', 'absent'],
  correctTracking: /**/ ['login', 'ok', 'denied', 'absent', 'absent'],
  refundOrder: /*    */ ['login', 'ok', 'denied', 'absent', 'absent'],
  // The token of a mail is all that counts.
  getOrderAccess: /* */ ['absent', 'absent', 'absent', 'absent', 'absent'],
  reviewOrder: /*    */ ['login', 'denied', 'ok', 'absent', 'absent'],
  replyToReview: shopOwner,
  removeReply: shopOwner,
  getCheckout: buyerAlone,
  cancelCheckout: buyerAlone,
  endSession: ownerAlone,
  updateAddress: ownerAlone,
  removeAddress: ownerAlone,
  getPicture: ownerAlone,
  getPictureFile: everybody,
  // Products are public: a caller without this one in the cart gets an error about the cart.
  changeCartItem: ['login', 'refused', 'ok', 'refused', 'refused'],
  // Removing an item that is not in the cart succeeds.
  removeCartItem: signedIn,
  changeCartLine: buyerAlone,
  removeCartLine: signedIn,
  addFavorite: signedIn,
  removeFavorite: signedIn,
  // The payment provider signs this call; a token has no effect.
  receivePaymentEvent: ['refused', 'refused', 'refused', 'refused', 'refused'],
}

/** One shop, product, picture, order, a review of another order, and the callers' tokens. */
type Scene = {
  tokens: Record<Person, string | undefined>
  seller: Shopper
  shop: Shop
  product: Product
  variant: Variant
  picture: Picture
  profile: ProcessingProfile
  session: LiveSession
  address: SavedAddress
  order: Order
  review: Review
  line_id: number
  shipment: Shipment
  section: Section
  shipping_profile: ShippingProfile
  payout_id: number
}

const document = await readOpenApi()
const operations = operationsOf(document).filter((operation) => operation.path.includes('{'))
const { api, sql } = await startServer()
let category_id: number
let category: string
let strangers: { other_seller: Shopper; other_buyer: Shopper }

beforeAll(async () => {
  ;[{ id: category_id, slug: category }] = (await listCategories()) as [Category]
  const other = await makeSale()
  strangers = { other_seller: other.seller, other_buyer: other.buyer }
})

const OWN_STOCK = { stock_by: 'variant', quantity: undefined }

/** Makes a paid order of a new shop with a picture, and another unit of the product in the buyer's cart. */
async function makeSale() {
  const { seller, shop } = await makeSeller()
  const options = [{ name: 'Size', values: ['S', 'M'] }]
  const product = await listItem(seller, shop, { quantity: 10, options })
  const varied = await listItem(seller, shop, { options, variants: [{ option_values: ['M'], quantity: 5 }], ...OWN_STOCK })
  const [variant] = varied.variants as [Variant]
  const section = await addSection(seller, shop)
  const picture = await uploadPicture(seller)
  const profile = await addProcessingProfile(seller, shop)
  const [session] = expectStatus(await seller.call<{ items: [LiveSession] }>('GET', '/v1/sessions'), 200).items
  // The first address is the default, so the call can change is_default of the second one.
  const [, address] = [await addAddress(seller), await addAddress(seller)]
  const buyer = await signUp('Bo')
  const order = await buy(buyer, product)
  const reviewed = await buy(buyer, product)
  const shipment = await sendParcel(seller, reviewed)
  const review = await reviewOrder(buyer, reviewed)
  const { line_id } = await addToCart(buyer, product)
  const shipping_profile = await addShippingProfile(seller, shop)
  return {
    seller,
    shop,
    product,
    variant,
    section,
    picture,
    profile,
    session,
    address,
    buyer,
    order,
    review,
    line_id,
    shipment,
    shipping_profile,
  }
}

/** Prepares the state that a call requires. */
const before: Record<string, (scene: Scene) => Promise<unknown>> = {
  cancelCheckout: async ({ order, tokens }) => {
    const body = { ...PURCHASE, payment_method: 'pm_card_threeDSecure2Required' }
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const waiting = await api<Checkout>('POST', '/v1/checkout', { token: tokens.buyer as string, headers, body })
    order.checkout_id = expectStatus(waiting, 202).checkout_id
  },
  deliverOrder: ({ seller, order }) => shipOrder(seller, order),
  getPayout: async (scene) => {
    scene.payout_id = await planPayout(scene.shop)
  },
  receiveOrder: ({ seller, order }) => shipOrder(seller, order),
  getPayoutAccount: ({ seller, shop }) => seller.call('POST', `/v1/shops/${shop.id}/payout-account`),
  reviewOrder: ({ seller, order }) => shipOrder(seller, order),
  restoreProduct: ({ seller, product }) => seller.call('DELETE', `/v1/products/${product.id}`),
}

/** No call of the API plans a payout. */
async function planPayout(shop: Shop): Promise<number> {
  if (!sql) throw new Error('A payout needs the database of the server.')
  await sql`select adjust_balance(${shop.id}, 100, 'a gift')`
  const [payout] = await sql<{ id: number }[]>`select id from plan_payout(${shop.id})`
  return payout?.id as number
}

async function setScene(operation: Operation): Promise<Scene> {
  const { buyer, ...sale } = await makeSale()
  const tokens = {
    anonymous: undefined,
    owner: sale.seller.token,
    buyer: buyer.token,
    other_seller: strangers.other_seller.token,
    other_buyer: strangers.other_buyer.token,
  }
  const scene: Scene = { ...sale, tokens, payout_id: 1 }
  await before[operation.operationId]?.(scene)
  return scene
}

/** The path with the scene's own ids, by the word that the path begins with. */
function pathOf(
  { path }: Operation,
  {
    shop,
    product,
    variant,
    section,
    picture,
    profile,
    session,
    address,
    order,
    review,
    line_id,
    shipment,
    shipping_profile,
    payout_id,
  }: Scene,
): string {
  const [key, file] = new URL(picture.url).pathname.split('/').slice(2)
  const words = {
    fav_type: 'product',
    fav_id: product.id,
    product_id: product.id,
    line_id,
    payout_id,
    provider: 'simulated',
    token: 'of no mail',
    key,
    file,
    slug: category,
  }
  const ids = {
    shops: shop.id,
    products: product.id,
    sections: section.id,
    variants: variant.id,
    pictures: picture.id,
    'processing-profiles': profile.id,
    sessions: session.id,
    me: address.id,
    orders: order.id,
    checkouts: order.checkout_id,
    reviews: review.id,
    shipments: shipment.id,
    'shipping-profiles': shipping_profile.id,
  }
  const known: Record<string, unknown> = { ...words, id: ids[path.split('/')[2] as keyof typeof ids] }
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (known[name] === undefined) throw new Error(`Say in pathOf what {${name}} of ${path} is.`)
    return String(known[name])
  })
}

async function call(operation: Operation, path: string, scene: Scene, person: Person): Promise<Answer<ProblemBody>> {
  // A plain listing takes no variants of the sample, and its variants take no quantity.
  const ofProduct = operation.operationId === 'addVariant' ? { quantity: undefined } : {}
  const known = {
    ...ofProduct,
    variants: [],
    variant_quantities: [],
    base_price: undefined,
    processing_profile_id: null,
    category_id,
    sku: null,
    section_id: null,
    shipping_profile_id: null,
    to: 'DE',
    country: 'DE',
    line_id: scene.order.items[0]?.line_id,
  }
  const body = operation.body ? { body: sampleOf(document, operation.body as Schema, known) } : {}
  const headers = { 'If-Match': '*', 'Idempotency-Key': crypto.randomUUID() }
  return api<ProblemBody>(operation.method, path + queryOf(operation), { ...body, token: scene.tokens[person], headers })
}

/** The parameters that a call needs after its path. */
function queryOf({ parameters = [] }: Operation): string {
  const needed = parameters.filter((parameter) => parameter.in === 'query' && parameter.required)
  const values = needed.map(({ name, schema }) => [name, String(schema.examples?.[0])])
  return needed.length > 0 ? `?${new URLSearchParams(values)}` : ''
}

/** Returns the response without the parts that differ in every response. */
const withoutIds = ({ status, body }: Answer<ProblemBody>) => ({ status, body: { ...body, request_id: '' } })

const expectations: Record<Cell, (answer: Answer<ProblemBody>, ofNothing: Answer<ProblemBody>) => void> = {
  ok: (answer) => expect(answer.status).toBeWithin(200, 300),
  login: (answer) => expect(answer.status).toBe(401),
  denied: (answer) => expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 403, code: 'not_owner' }),
  refused: (answer) => expect(answer.status).toBeWithin(400, 500),
  absent: (answer, ofNothing) => {
    expect(answer.status).toBe(404)
    expect(withoutIds(answer)).toEqual(withoutIds(ofNothing))
  },
}

/** Returns everything that a call of the matrix can change, as one text. */
async function readState({ shop, order }: Scene): Promise<unknown> {
  if (!sql) return null
  const [row] = await sql`
    select
      (select s::text from shops s where s.id = ${shop.id}) as shop,
      (select string_agg(p::text, ',' order by p.id) from products p where p.shop_id = ${shop.id}) as products,
      (select string_agg(x::text, ',' order by x.id) from shop_sections x where x.shop_id = ${shop.id}) as sections,
      (select o::text from orders o where o.id = ${order.id}) as order,
      (select count(*) from order_events e where e.order_id = ${order.id}) as events,
      (select string_agg(ci::text, ',' order by ci.id) from cart_items ci where ci.user_id = ${order.buyer_id}) as cart,
      (select string_agg(r::text, ',' order by r.id) from reviews r where r.shop_id = ${shop.id}) as reviews,
      (select count(*) from sessions s where s.user_id = ${shop.owner_id}) as sessions`
  return row
}

test('the table has each call with a variable in its path, and no other', () => {
  const missing = operations.map(({ operationId }) => operationId).filter((id) => !(id in matrix))
  expect(missing, 'Say in `matrix` above who may make these calls').toEqual([])
  const gone = Object.keys(matrix).filter((id) => !operations.some(({ operationId }) => operationId === id))
  expect(gone, 'The API has no such call').toEqual([])
})

describe.each(operations.map((operation): [string, Operation] => [operation.operationId, operation]))('%s', (id, operation) => {
  const cells = matrix[id] ?? []

  test('refuses, and changes nothing', async () => {
    const scene = await setScene(operation)
    const before_all = await readState(scene)
    for (const [index, person] of people.entries()) {
      const cell = cells[index] as Cell
      if (cell === 'ok') continue
      const answer = await call(operation, pathOf(operation, scene), scene, person)
      expectations[cell](answer, await call(operation, pathToNothing(operation), scene, person))
    }
    expect(await readState(scene)).toEqual(before_all)
  })

  test.each(people.filter((_, index) => cells[index] === 'ok'))('lets %s', async (person) => {
    const scene = await setScene(operation)
    const answer = await call(operation, pathOf(operation, scene), scene, person)
    expect(answer.text, `${id} as ${person}`).not.toContain('"code"')
    expect(answer.status).toBeWithin(200, 300)
  })
})
