/** The state of the model, and the form in which a scenario compares model and database. */
import { dollarsOf } from '../../../src/domains/payments/cents.ts'

/** The start of every run. Shops charge for shipping by Etsy's rule. Money is in cents. */
export const world = {
  buyers: 3,
  shipping: [
    { base: 350, per_extra_item: 99 },
    { base: 0, per_extra_item: 1 },
  ],
  stock: [1, 1, 2, 4, 1],
  shop_of: [0, 1, 0, 1, 1],
  price: [1999, 450, 1000, 33, 70_001],
} as const

/**
 * `until` is the minute at which the hold of the line lapses. `outlives`: the line came back from a failed payment, so it stays
 * in the cart when its hold lapses.
 */
export type Line = { product: number; quantity: number; until: number | null; outlives: boolean }
export type Order = { shop: number; status: string; total: number; units: Map<number, number> }
export type Checkout = {
  buyer: number
  status: 'pending' | 'paid' | 'cancelled'
  payment: 'pending' | 'paid' | 'declined' | 'failed' | 'refunded'
  total: number
  refunded: number
  owes_late_charge: boolean
  /** The key of the checkout. Null when the key is free again. */
  key: Key | null
  lines: Line[]
  orders: Order[]
}
/** `response` is the stored response of the key, which never changes. */
export type Key = { name: string; buyer: number; response: string | null; checkout: Checkout | null }

export type Model = {
  minute: number
  stock: number[]
  sales: number[]
  /** By buyer, then by product. */
  carts: Map<number, Line>[]
  /** By buyer, then by product: the minute at which the last hold ends or ended. */
  holds: Map<number, number>[]
  /** By buyer: whether the cart has lost a line since the buyer last read or changed the cart. */
  has_unseen_lapse: boolean[]
  checkouts: Checkout[]
  keys: Key[]
}

/**
 * The form of both states. A line of `carts` is [buyer, product, quantity, minutes left or null]. A row of `checkouts` is
 * [status, payment status, amount, refunded, owes a late charge, orders], and an order is [status, total].
 */
export type State = {
  stock: number[]
  sales: number[]
  carts: [number, number, number, number | null][]
  checkouts: [string, string, string, string, boolean, [string, string][]][]
  wrong_trails: number
}

/** Returns the state that the database must have. */
export function stateOf(model: Model): State {
  const carts = model.carts.flatMap((cart, buyer) =>
    [...cart.values()]
      .sort((a, b) => a.product - b.product)
      .map(({ product, quantity, until }): State['carts'][number] => [
        buyer,
        product,
        quantity,
        until === null ? null : until - model.minute,
      ]),
  )
  const checkouts = model.checkouts.map(
    ({ status, payment, total, refunded, owes_late_charge, orders }): State['checkouts'][number] => [
      status,
      payment,
      dollarsOf(total),
      dollarsOf(refunded),
      owes_late_charge,
      orders.map((order) => [order.status, dollarsOf(order.total)]),
    ],
  )
  return { stock: model.stock, sales: model.sales, carts, checkouts, wrong_trails: 0 }
}
