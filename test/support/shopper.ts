/** Actions of buyers and sellers for HTTP tests. Every helper throws if the API refuses, except `tryCheckOut`. */
import { expectStatus } from './api.ts'
import type { Answer, Api, Input } from './client.ts'
import { drawPng } from './pictures.ts'
import { ADDRESS, PURCHASE } from './purchase.ts'
import type {
  Cart,
  CartItemAdded,
  CartLine,
  Category,
  Checkout,
  LineUnits,
  Order,
  Page,
  Picture,
  ProcessingProfile,
  Product,
  Refund,
  RefundInput,
  Review,
  SavedAddress,
  Section,
  Session,
  Shipment,
  ShippingProfile,
  Shop,
} from './responses.ts'
import { startServer } from './server.ts'

/** A signed-in user. `call` sends the user's token. */
export type Shopper = { id: number; email: string; password: string; token: string; call: Api }

/** Returns a new random word of letters, so that a search for it finds only the listings of one test. */
export function inventWord(): string {
  const letters = 'bcdfghklmnprstvz'
  const random = crypto.getRandomValues(new Uint8Array(12))
  return [...random].map((byte, i) => (i % 2 ? 'aeiou'[byte % 5] : letters[byte % letters.length])).join('')
}

/** Registers a user and signs in. `api` is the client of another server than that of `startServer`. */
export async function signUp(display_name = 'Ann', password = 'correct horse battery', api?: Api): Promise<Shopper> {
  const email = `${crypto.randomUUID()}@example.com`
  const call = api ?? (await startServer()).api
  expectStatus(await call('POST', '/v1/users', { body: { email, password, display_name } }), 201)
  return signIn(email, password, call)
}

/** Signs in and returns the user with the new token. */
export async function signIn(email: string, password: string, given?: Api): Promise<Shopper> {
  const api = given ?? (await startServer()).api
  const { token, user } = expectStatus(await api<Session>('POST', '/v1/sessions', { body: { email, password } }), 201)
  const call: Api = (method, path, input: Input = {}) => api(method, path, { token, ...input })
  return { id: user.id, email, password, token, call }
}

/** Starts the session of a guest. `password` is empty. `given` is the client of another server than that of `startServer`. */
export async function startAsGuest(email = `${crypto.randomUUID()}@example.com`, given?: Api): Promise<Shopper> {
  const api = given ?? (await startServer()).api
  const { token, user } = expectStatus(await api<Session>('POST', '/v1/guests', { body: { email } }), 201)
  return {
    id: user.id,
    email,
    password: '',
    token,
    call: (method, path, input: Input = {}) => api(method, path, { token, ...input }),
  }
}

export const freeShipping = { base: '0.00', per_extra_item: '0.00', processing_days_min: 1, processing_days_max: 3 }

export async function openShop(seller: Shopper, changes: Record<string, unknown> = {}): Promise<Shop> {
  const body = { name: 'Kiln & Loom', shipping: freeShipping, ...changes }
  return expectStatus(await seller.call<Shop>('POST', '/v1/shops', { body }), 201)
}

/** Makes a seller with one shop. */
export async function makeSeller(shop: Record<string, unknown> = {}): Promise<{ seller: Shopper; shop: Shop }> {
  const seller = await signUp('Sam')
  return { seller, shop: await openShop(seller, shop) }
}

/** Adds a processing profile to a shop. The default is made to order, in five to ten working days. */
export async function addProcessingProfile(seller: Shopper, shop: Shop, changes: object = {}): Promise<ProcessingProfile> {
  const body = { name: 'Thrown to order', readiness: 'made_to_order', days_min: 5, days_max: 10, ...changes }
  const answer = await seller.call<ProcessingProfile>('POST', `/v1/shops/${shop.id}/processing-profiles`, { body })
  return expectStatus(answer, 201)
}

/** Lists an item. The default is one unit at 10.00 in the first category. */
export async function listItem(seller: Shopper, shop: Shop, changes: Record<string, unknown> = {}): Promise<Product> {
  const body = {
    title: 'A blue bowl',
    description: '',
    price: '10.00',
    quantity: 1,
    category_id: changes.category_id ?? (await anyCategory()),
    tags: [],
    images: [],
    is_vintage: false,
    ...changes,
  }
  return expectStatus(await seller.call<Product>('POST', `/v1/shops/${shop.id}/products`, { body }), 201)
}

/** Sets the stock of a listing without a check of its version. */
export async function setStock(seller: Shopper, product: { id: number }, quantity: number): Promise<Product> {
  const input = { body: { quantity }, headers: { 'If-Match': '*' } }
  return expectStatus(await seller.call<Product>('PATCH', `/v1/products/${product.id}`, input), 200)
}

export async function anyCategory(): Promise<number> {
  const [first] = await listCategories()
  if (!first) throw new Error('The server has no category.')
  return first.id
}

export async function listCategories(): Promise<Category[]> {
  const { api } = await startServer()
  return expectStatus(await api<{ items: Category[] }>('GET', '/v1/categories'), 200).items
}

export async function addToCart(buyer: Shopper, product: { id: number }, quantity = 1): Promise<CartItemAdded> {
  return expectStatus(
    await buyer.call<CartItemAdded>('POST', '/v1/cart/items', { body: { product_id: product.id, quantity } }),
    201,
  )
}

export async function readCart(buyer: Shopper): Promise<Cart> {
  return expectStatus(await buyer.call<Cart>('GET', '/v1/cart'), 200)
}

/** Returns the lines of all shops in a cart. */
export async function readLines(buyer: Shopper): Promise<CartLine[]> {
  return (await readCart(buyer)).shops.flatMap((shop) => shop.items)
}

export async function readProduct(id: number): Promise<Product> {
  const { api } = await startServer()
  return expectStatus(await api<Product>('GET', `/v1/products/${id}`), 200)
}

export async function readOrders(buyer: Shopper): Promise<Order[]> {
  return expectStatus(await buyer.call<Page<Order>>('GET', '/v1/orders?limit=100'), 200).items
}

/** Sends a checkout and returns the response, also a refusal. The default is a new key. */
export async function tryCheckOut(
  buyer: Shopper,
  changes: Record<string, unknown> = {},
  key: string = crypto.randomUUID(),
): Promise<Answer<Checkout>> {
  const body = { ...PURCHASE, ...changes }
  return buyer.call<Checkout>('POST', '/v1/checkout', { body, headers: { 'Idempotency-Key': key } })
}

/** Adds an address to a person's address book. */
export async function addAddress(person: Shopper, changes: object = {}): Promise<SavedAddress> {
  const answer = await person.call<SavedAddress>('POST', '/v1/me/addresses', { body: { ...ADDRESS, ...changes } })
  return expectStatus(answer, 201)
}

/** Adds a shipping profile that goes to the whole world. */
export async function addShippingProfile(seller: Shopper, shop: Shop, changes: object = {}): Promise<ShippingProfile> {
  const rates = [{ to: 'world', base: '5', per_extra_item: '1' }]
  const body = { name: 'Small parcels', rates, ...changes }
  return expectStatus(await seller.call<ShippingProfile>('POST', `/v1/shops/${shop.id}/shipping-profiles`, { body }), 201)
}

/** Checks out the cart and returns the paid checkout. */
export async function checkOut(buyer: Shopper, changes: Record<string, unknown> = {}): Promise<Checkout> {
  return expectStatus(await tryCheckOut(buyer, changes), 201)
}

/** Makes a new buyer's paid order of one new item. */
export async function placeOrder(): Promise<{ seller: Shopper; shop: Shop; product: Product; buyer: Shopper; order: Order }> {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop)
  const buyer = await signUp('Bo')
  return { seller, shop, product, buyer, order: await buy(buyer, product) }
}

/** Ships a paid order. */
export async function shipOrder(seller: Shopper, order: { id: number }): Promise<void> {
  const body = { carrier: 'Post', tracking_number: '1' }
  expectStatus(await seller.call('POST', `/v1/orders/${order.id}/ship`, { body }), 200)
}

/** Sends a parcel of all that is left of a paid order, or of these lines. */
export async function sendParcel(seller: Shopper, order: { id: number }, items?: LineUnits[]): Promise<Shipment> {
  const body = { carrier: 'Post', tracking_number: '1', ...(items ? { items } : {}) }
  return expectStatus(await seller.call<Shipment>('POST', `/v1/orders/${order.id}/shipments`, { body }), 201)
}

/** Asks for a refund of an order with a new key. Without `asked`, of all that is left. */
export function tryRefund(seller: Shopper, order: { id: number }, asked: Partial<RefundInput> = {}) {
  const headers = { 'Idempotency-Key': crypto.randomUUID() }
  return seller.call<Refund>('POST', `/v1/orders/${order.id}/refunds`, { body: { reason: 'other', ...asked }, headers })
}

/** Reviews a shipped order. */
export async function reviewOrder(buyer: Shopper, order: { id: number }, rating = 5, comment = ''): Promise<Review> {
  const body = { rating, comment }
  return expectStatus(await buyer.call<Review>('POST', `/v1/orders/${order.id}/review`, { body }), 201)
}

/** Uploads a new picture. */
export async function uploadPicture(seller: Shopper): Promise<Picture> {
  const input = { raw: drawPng().slice(), headers: { 'Content-Type': 'image/png' } }
  return expectStatus(await seller.call<Picture>('POST', '/v1/pictures', input), 201)
}

/** Buys one unit and returns the paid order. */
export async function buy(buyer: Shopper, product: { id: number }): Promise<Order> {
  await addToCart(buyer, product)
  const [order] = (await checkOut(buyer)).orders
  if (!order) throw new Error('The checkout has no order.')
  return order
}

/** Reads a list from its first page to its last. */
export async function readAllPages<T>(read: (path: string) => Promise<Answer<Page<T>>>, path: string): Promise<T[]> {
  const items: T[] = []
  let next: string | null = path
  while (next) {
    const page: Answer<Page<T>> = await read(next)
    items.push(...expectStatus(page, 200).items)
    const link: string | null = page.headers.get('link')
    if ((link === null) !== (page.body.next_cursor === null)) throw new Error('Link and next_cursor disagree')
    next = link && (/^<([^>]+)>; rel="next"$/.exec(link)?.[1] ?? null)
  }
  return items
}

/** Calls `ask` until its value is as wanted. Throws after `limit_ms`. */
export async function eventually<T>(limit_ms: number, ask: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
  const until = Date.now() + limit_ms
  for (;;) {
    const value = await ask()
    if (isWanted(value)) return value
    if (Date.now() > until) throw new Error(`not within ${limit_ms} ms: ${String(JSON.stringify(value)).slice(0, 500)}`)
    await Bun.sleep(100)
  }
}

export async function addSection(seller: Shopper, shop: { id: number }, changes: object = {}): Promise<Section> {
  const body = { name: inventWord(), ...changes }
  return expectStatus(await seller.call<Section>('POST', `/v1/shops/${shop.id}/sections`, { body }), 201)
}
