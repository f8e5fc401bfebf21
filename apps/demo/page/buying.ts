/** The calls of the public API that buy: sessions, cart, checkout and orders. Each throws a Refusal or the error of `fetch`. */
import type { Static } from '@sinclair/typebox'
import type * as addresses from '../../../src/domains/addresses/schemas.ts'
import type * as cart from '../../../src/domains/cart/schemas.ts'
import type * as checkout from '../../../src/domains/checkout/schemas.ts'
import type * as orders from '../../../src/domains/orders/schemas.ts'
import { readCountry } from './countries.ts'
import type { Choice } from './options.ts'
import { call } from './request.ts'
import { type Session, storeSession } from './session.ts'

export type Cart = Static<typeof cart.Cart>
export type CartLine = Static<typeof cart.CartLine>
export type Checkout = Static<typeof checkout.Checkout>
export type Order = Static<typeof orders.Order>
export type OrderEvent = Static<typeof orders.OrderEvent>
export type SavedAddress = Static<typeof addresses.SavedAddress>
export type Added = Static<typeof cart.CartItemAdded>

/** The fields of the dialog, by the names of the API. A way that does not need a field leaves it out. */
export type Person = { email: string; password?: string; display_name?: string; code?: string }

/** Begins a session without an account. */
export async function beAGuest({ email }: Person): Promise<void> {
  storeSession(await call<Session>('POST', '/v1/guests', { body: { email } }))
}

/** Begins a session. Throws the Refusal `second_factor_required` if the account needs a code, too. */
export async function signIn({ email, password, code }: Person): Promise<void> {
  storeSession(await call<Session>('POST', '/v1/sessions', { body: { email, password, code } }))
}

/** Makes an account and begins its session. */
export async function register(person: Person): Promise<void> {
  const { email, password, display_name } = person
  await call('POST', '/v1/users', { body: { email, password, display_name } })
  await signIn(person)
}

/** Mails a link that sets a new password, if the address has an account. */
export const askForReset = (email: string) => call('POST', '/v1/password-resets', { body: { email } })

/** Ends the session, here also if the server does not respond. */
export async function signOut(): Promise<void> {
  await call('DELETE', '/v1/sessions/current').finally(() => storeSession(null))
}

/** Reads the cart, with what it costs to send it to a country. */
export const readCart = (country = readCountry()) => call<Cart>('GET', `/v1/cart?${new URLSearchParams({ country })}`)

/** Adds one unit of a listing. */
export const addToCart = (product_id: number, choice: Choice) =>
  call<Added>('POST', '/v1/cart/items', { body: { product_id, ...choice, quantity: 1 } })

/** Sets the quantity of a line. */
export const changeLine = (line_id: number, quantity: number) =>
  call<void>('PATCH', `/v1/cart/lines/${line_id}`, { body: { quantity } })

export const removeLine = (line_id: number) => call<void>('DELETE', `/v1/cart/lines/${line_id}`)

/** Reads the address book, the default address first. */
export const readAddresses = async () => (await call<{ items: SavedAddress[] }>('GET', '/v1/me/addresses')).items

export const saveAddress = (body: Static<typeof addresses.SavedAddressInput>) =>
  call<SavedAddress>('POST', '/v1/me/addresses', { body })

/** Pays for the cart. A response 202 is a checkout whose payment is not decided yet. */
export const checkOut = (body: Static<typeof checkout.CheckoutInput>, key: string) =>
  call<Checkout>('POST', '/v1/checkout', { body, key })

export const readCheckout = (id: string) => call<Checkout>('GET', `/v1/checkouts/${encodeURIComponent(id)}`)

/** Gives up a payment that is not decided yet. */
export const cancelCheckout = (id: number) => call<Checkout>('POST', `/v1/checkouts/${id}/cancel`)

/** Reads the newest orders, or those after a cursor. */
export const readOrders = (cursor: string | null) =>
  call<{ items: Order[]; next_cursor: string | null }>(
    'GET',
    `/v1/orders${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`,
  )

export const readOrder = (id: string) => call<Order>('GET', `/v1/orders/${encodeURIComponent(id)}`)

export const readOrderEvents = async (id: string) =>
  (await call<{ items: OrderEvent[] }>('GET', `/v1/orders/${encodeURIComponent(id)}/events?limit=100`)).items

/** Moves an order: the buyer cancels it, or says that it arrived. */
export const moveOrder = (id: number, move: 'cancel' | 'receive') => call<Order>('POST', `/v1/orders/${id}/${move}`)
