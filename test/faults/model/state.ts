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
/**
 * A line of an order: units bought, in parcels, refunded, and returned to the stock. `lost`: units that failed refunds left in
 * the stock.
 */
export type OrderLine = { product: number; quantity: number; sent: number; refunded: number; restocked: number; lost: number }
export type Refund = {
  order: Order
  checkout: Checkout
  status: 'pending' | 'sent' | 'refunded' | 'failed'
  amount: number
  shipping: number
  units: { line: OrderLine; quantity: number; restocked: number; taken_over: number }[]
}
export type Order = {
  shop: number
  status: string
  /** The status before it was refunded, for a refund that fails. */
  status_before: string
  is_paid: boolean
  total: number
  shipping: number
  shipping_refunded: number
  refunded: number
  parcels: number
  lines: OrderLine[]
}
export type Checkout = {
  buyer: number
  status: 'pending' | 'paid' | 'cancelled'
  payment: 'pending' | 'paid' | 'declined' | 'failed' | 'refunded'
  total: number
  refunded: number
  owes_late_charge: boolean
  is_disputed: boolean
  /** The key of the checkout. Null when the key is free again. */
  key: Key | null
  lines: Line[]
  orders: Order[]
}
/** An order and its checkout. */
export type Found = { checkout: Checkout; order: Order }
/** `amount` is in cents, and also the postage of `shipping`. `line` is the place of a line in its order. */
export type RefundCommand = {
  do: 'refund_part'
  back: number
  part: 'amount' | 'line' | 'shipping' | 'all'
  amount: number
  line: number
  quantity: number
  restock: boolean | null
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
  refunds: Refund[]
  keys: Key[]
}

/**
 * The form of both states. A line of `carts` is [buyer, product, quantity, minutes left or null]. A row of `checkouts` is
 * [status, payment status, amount, refunded, owes a late charge, orders], and an order is [status, total, refunded, parcels,
 * refunds]. A refund is [status, amount, units in stock].
 */
export type State = {
  stock: number[]
  sales: number[]
  carts: [number, number, number, number | null][]
  checkouts: [string, string, string, string, boolean, [string, string, string, number, [string, string, number][]][]][]
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
      orders.map((order) => [
        order.status,
        dollarsOf(order.total),
        dollarsOf(order.refunded),
        order.parcels,
        model.refunds
          .filter((refund) => refund.order === order)
          .map((refund) => [
            refund.status,
            dollarsOf(refund.amount),
            refund.units.reduce((sum, { restocked }) => sum + restocked, 0),
          ]),
      ]),
    ],
  )
  return { stock: model.stock, sales: model.sales, carts, checkouts, wrong_trails: 0 }
}

/** Adds units to the stock and takes them from the sales of the shop. */
export function addStock(model: Model, shop: number, product: number, quantity: number): void {
  model.stock[product] = (model.stock[product] ?? 0) + quantity
  model.sales[shop] = (model.sales[shop] ?? 0) - quantity
}
