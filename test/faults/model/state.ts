/** The state of the model, and the form in which a scenario compares model and database. */
import { dollarsOf } from '../../../src/domains/payments/cents.ts'

/**
 * The start of every run. Shops charge for shipping by Etsy's rule. Money is in cents. Listing 5 has two variants that share one
 * unit. Listing 6 has two with stocks of their own, and needs a text of its buyer; listing 3 takes one.
 */
export const world = {
  buyers: 3,
  shipping: [
    { base: 350, per_extra_item: 99 },
    { base: 0, per_extra_item: 1 },
  ],
  stock: [1, 1, 2, 4, 1, 1, 3],
  shop_of: [0, 1, 0, 1, 1, 0, 1],
  price: [1999, 450, 1000, 33, 70_001, 800, 1200],
  takes_text: ['no', 'no', 'no', 'optional', 'no', 'no', 'required'],
  variants: [
    { product: 5, price: null, quantity: null },
    { product: 5, price: 950, quantity: null },
    { product: 6, price: null, quantity: 1 },
    { product: 6, price: 1100, quantity: 2 },
  ],
} as const

/** `quantity` is the stock that the variants share, and stays as it was while each variant has its own. `price`: without variants. */
export type Product = { stock_by: 'product' | 'variant'; quantity: number; price: number }
/** Without `price` the price of the listing counts; without `quantity` its stock. */
export type Variant = { product: number; price: number | null; quantity: number | null; is_archived: boolean }
/** What a line is for: a listing, one of its variants, and the text for the seller. `variant` counts all variants of the run. */
export type Item = { product: number; variant: number | null; text: string | null }
/**
 * Lines are numbered in the order in which buyers added them. `stock` is the variant whose stock the line takes, or null for the
 * stock of the listing. `until` is the minute at which the hold of the line lapses. `outlives`: the line came back from a failed
 * payment, so it stays in the cart when its hold lapses.
 */
export type Line = Item & {
  id: number
  buyer: number
  stock: number | null
  quantity: number
  price_when_added: number
  until: number | null
  outlives: boolean
}
/**
 * A line of an order: units bought, in parcels, refunded, and returned to the stock. `lost`: units that failed refunds left in
 * the stock.
 */
export type OrderLine = Item & {
  price: number
  quantity: number
  sent: number
  refunded: number
  restocked: number
  lost: number
}
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
  /** What its open dispute holds. */
  disputed: number
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
  /** The last state of the one dispute of the payment; null without one. */
  dispute: 'open' | 'won' | null
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
  products: Product[]
  variants: Variant[]
  sales: number[]
  /** The lines of all carts, in the order of their ids. */
  lines: Line[]
  last_line: number
  /** By buyer, then by stock (`stockKey`): the minute at which the last hold ends or ended. */
  holds: Map<string, number>[]
  /** By buyer: whether the cart has lost a line since the buyer last read or changed the cart. */
  has_unseen_lapse: boolean[]
  checkouts: Checkout[]
  refunds: Refund[]
  keys: Key[]
}

/**
 * The form of both states. A row of `products` is [quantity, stock_by, lowest price, highest price], one of `variants` is
 * [quantity, own price, is archived]. A line of `carts` is [buyer, product, variant, text, stock, quantity, minutes left or null].
 * A row of `checkouts` is [status, payment status, amount, refunded, owes a late charge, orders], and an order is [status, total,
 * refunded, parcels, lines, refunds]. A line of an order is [product, variant, text, quantity, price]. A refund is [status, amount,
 * units in stock]. Numbers of products, variants and buyers begin with 0.
 */
export type State = {
  products: [number, string, string, string][]
  variants: [number | null, string | null, boolean][]
  sales: number[]
  /** By shop: what the ledger owes it. */
  owed: string[]
  carts: [number, number, number | null, string | null, number | null, number, number | null][]
  checkouts: [
    string,
    string,
    string,
    string,
    boolean,
    [string, string, string, number, [number, number | null, string | null, number, string][], [string, string, number][]][],
  ][]
  wrong_trails: number
}

/** Returns the state that the database must have. */
export function stateOf(model: Model): State {
  const carts = model.lines
    .toSorted((a, b) => a.buyer - b.buyer || a.id - b.id)
    .map(({ buyer, product, variant, text, stock, quantity, until }): State['carts'][number] => [
      buyer,
      product,
      variant,
      text,
      stock,
      quantity,
      until === null ? null : until - model.minute,
    ])
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
        order.lines.map(({ product, variant, text, quantity, price }) => [product, variant, text, quantity, dollarsOf(price)]),
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
  const products = model.products.map(({ stock_by }, product): State['products'][number] => {
    const offered = variantsOf(model, product)
    const prices =
      offered.length > 0 ? offered.map((variant) => priceOf(model, product, variant)) : [priceOf(model, product, null)]
    return [quantityOf(model, product), stock_by, dollarsOf(Math.min(...prices)), dollarsOf(Math.max(...prices))]
  })
  const variants = model.variants.map(({ price, quantity, is_archived }): State['variants'][number] => [
    quantity,
    price === null ? null : dollarsOf(price),
    is_archived,
  ])
  return { products, variants, sales: model.sales, owed: owedOf(model), carts, checkouts, wrong_trails: 0 }
}

/** What is left of the paid orders of each shop: there is no commission, and no payout. */
function owedOf({ checkouts }: Model): string[] {
  const orders = checkouts.flatMap(({ orders }) => orders).filter(({ is_paid }) => is_paid)
  return world.shipping.map((_, shop) => {
    const own = orders.filter((order) => order.shop === shop)
    return dollarsOf(own.reduce((sum, { total, refunded, disputed }) => sum + total - refunded - disputed, 0))
  })
}

export const productOf = (model: Model, product: number): Product => model.products[product] as Product
export const variantOf = (model: Model, variant: number | null): Variant | undefined =>
  variant === null ? undefined : model.variants[variant]

/** Returns the variants of a listing that are for sale. */
export const variantsOf = (model: Model, product: number): number[] =>
  [...model.variants.keys()].filter((variant) => {
    const of = variantOf(model, variant) as Variant
    return of.product === product && !of.is_archived
  })

export const priceOf = (model: Model, product: number, variant: number | null): number =>
  variantOf(model, variant)?.price ?? productOf(model, product).price

/** Returns the units of a listing, which are the sum of those of its variants if each has its own. */
export function quantityOf(model: Model, product: number): number {
  const { stock_by, quantity } = productOf(model, product)
  if (stock_by === 'product') return quantity
  return variantsOf(model, product).reduce((sum, variant) => sum + (variantOf(model, variant)?.quantity ?? 0), 0)
}

/** Returns the variant whose stock an item takes now, and to whose stock its units return, or null for that of the listing. */
export const stockNow = (model: Model, product: number, variant: number | null): number | null =>
  productOf(model, product).stock_by === 'variant' ? variant : null

export const stockKey = (product: number, stock: number | null): string => `${product}/${stock}`

/** Returns the units on hand for an item. */
export const unitsFor = (model: Model, product: number, variant: number | null): number =>
  variantOf(model, stockNow(model, product, variant))?.quantity ?? quantityOf(model, product)

/** Takes units out of the stock of an item, as a sale of the shop. */
export function sell(model: Model, shop: number, line: Pick<OrderLine, 'product' | 'variant' | 'quantity'>): void {
  returnUnits(model, shop, line, -line.quantity)
}

/**
 * Returns units to the stock of an item and takes them from the sales of the shop. Units return to the stock that the listing has
 * now. A variant that was archived before the variants got their own stocks has none, so its units return to no stock.
 */
export function returnUnits(model: Model, shop: number, item: Pick<Item, 'product' | 'variant'>, units: number): void {
  const product = productOf(model, item.product)
  const variant = variantOf(model, item.variant)
  if (product.stock_by === 'product') product.quantity += units
  else if (variant && variant.quantity !== null) variant.quantity += units
  model.sales[shop] = (model.sales[shop] ?? 0) - units
}

/** Returns the units of each stock that are on hand or in orders: [listing, variant, units]. Only the seller changes it. */
export function stocksOf(model: Model): [number, number | null, number][] {
  const sold = new Map<string, number>()
  for (const { orders } of model.checkouts)
    for (const { lines } of orders.filter(({ status, is_paid }) => is_paid || status !== 'cancelled'))
      for (const { product, variant, quantity, restocked } of lines) {
        const key = stockKey(product, stockNow(model, product, variant))
        sold.set(key, (sold.get(key) ?? 0) + quantity - restocked)
      }
  const stocks = model.products.flatMap(({ stock_by, quantity }, product): [number, number | null, number][] => {
    if (stock_by === 'product') return [[product, null, quantity]]
    const own = [...model.variants.entries()].filter(([, one]) => one.product === product && one.quantity !== null)
    return own.map(([variant, { quantity }]) => [product, variant, quantity ?? 0])
  })
  return stocks.map(([product, stock, units]) => [product, stock, units + (sold.get(stockKey(product, stock)) ?? 0)])
}
