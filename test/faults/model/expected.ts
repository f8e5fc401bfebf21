/** The rules once more, in memory and for one caller at a time: the expected result and state after each command. */

import { dispute, refundAll, refundPart, settleRefund, shipLine } from './follow_ups.ts'
import { expectOfSeller, type SellerCommand } from './seller.ts'
import {
  type Checkout,
  type Found,
  type Item,
  type Key,
  type Line,
  type Model,
  type Order,
  type OrderLine,
  priceOf,
  type RefundCommand,
  returnUnits,
  sell,
  stockKey,
  stockNow,
  unitsFor,
  variantOf,
  variantsOf,
  world,
} from './state.ts'

/** `line` is the place of a line in the cart of the buyer, or of the next buyer if `is_foreign`. */
type LineCommand = { buyer: number; is_foreign: boolean; line: number }

export type Command =
  | { do: 'reserve'; buyer: number; item: Item; quantity: number }
  | { do: 'change'; buyer: number; product: number; quantity: number }
  | { do: 'release'; buyer: number; product: number }
  | ({ do: 'change_line'; quantity: number } & LineCommand)
  | ({ do: 'release_line' } & LineCommand)
  | { do: 'read'; buyer: number }
  | { do: 'expire' }
  | { do: 'wait'; minutes: number }
  | { do: 'check_out'; buyer: number }
  | { do: 'repeat'; back: number }
  | { do: 'settle'; back: number; outcome: string }
  | { do: 'move'; back: number; move: string; who: string }
  | RefundCommand
  | { do: 'ship_line'; back: number; line: number; quantity: number }
  | { do: 'settle_refund'; back: number; outcome: 'sent' | 'refunded' | 'failed' }
  | { do: 'dispute'; back: number; status: 'open' | 'won' }
  | SellerCommand

const HOLD_MINUTES = 15
/** From the end of a hold to the next hold of the same buyer on the same stock. */
const PAUSE_MINUTES = 60

export function newModel(): Model {
  const buyers = Array.from({ length: world.buyers })
  return {
    minute: 0,
    products: world.stock.map((quantity, product) => ({
      stock_by: world.variants.some((variant) => variant.product === product && variant.quantity !== null)
        ? 'variant'
        : 'product',
      quantity,
      price: world.price[product] as number,
    })),
    variants: world.variants.map((variant) => ({ ...variant, is_archived: false })),
    sales: world.shipping.map(() => 0),
    lines: [],
    last_line: 0,
    holds: buyers.map(() => new Map<string, number>()),
    has_unseen_lapse: buyers.map(() => false),
    checkouts: [],
    refunds: [],
    keys: [],
  }
}

/**
 * Runs the command in the model and returns the expected result of the database: `ok…`, `none`, the step or status of a
 * checkout with its response, or the SQLSTATE of an error.
 */
export function expectCommand(model: Model, command: Command): string {
  switch (command.do) {
    case 'reserve':
      return reserve(model, command.buyer, command.item, command.quantity)
    case 'change': {
      const lines = cartOf(model, command.buyer).filter(({ product }) => product === command.product)
      return lines.length > 1 ? 'SWAMB' : change(model, command.buyer, lines[0], command.quantity)
    }
    case 'release': {
      const lines = cartOf(model, command.buyer).filter(({ product }) => product === command.product)
      return lines.length > 1 ? 'SWAMB' : release(model, command.buyer, lines[0])
    }
    case 'change_line':
      return change(model, command.buyer, command.is_foreign ? undefined : lineAt(model, command), command.quantity)
    case 'release_line':
      return release(model, command.buyer, command.is_foreign ? undefined : lineAt(model, command))
    case 'read':
      model.has_unseen_lapse[command.buyer] = false
      return 'ok'
    case 'expire':
      return `ok ${expire(model)}`
    case 'wait':
      model.minute += command.minutes
      return 'ok'
    case 'check_out': {
      const key: Key = { name: `key-${model.keys.length}`, buyer: command.buyer, response: null, checkout: null }
      model.keys.push(key)
      return place(model, key)
    }
    case 'repeat': {
      const key = model.keys.at(-1 - command.back)
      return key ? place(model, key) : 'none'
    }
    case 'settle': {
      const checkout = model.checkouts.at(-1 - command.back)
      return checkout ? settle(model, checkout, command.outcome) : 'none'
    }
    case 'settle_refund': {
      const refund = model.refunds.at(-1 - command.back)
      return refund ? settleRefund(refund, command.outcome) : 'none'
    }
    case 'move':
    case 'refund_part':
    case 'ship_line':
    case 'dispute': {
      const found = findOrder(model, command.back)
      return found ? expectOfOrder(model, found, command) : 'none'
    }
    default:
      return expectOfSeller(model, command, {
        isHeld: (line) => isLive(model, line),
        endHold: (line) => endHold(model, line),
      })
  }
}

type OrderCommand = Extract<Command, { do: 'move' | 'refund_part' | 'ship_line' | 'dispute' }>

function expectOfOrder(model: Model, found: Found, command: OrderCommand): string {
  if (command.do === 'move') return move(model, found, command.move, command.who)
  if (command.do === 'refund_part') return refundPart(model, found, command)
  return command.do === 'ship_line' ? shipLine(found.order, command) : dispute(found, command.status)
}

/** Returns the lines of a cart, the oldest first. */
const cartOf = (model: Model, buyer: number): Line[] => model.lines.filter((line) => line.buyer === buyer)

function lineAt(model: Model, { buyer, line }: LineCommand): Line | undefined {
  const cart = cartOf(model, buyer)
  return cart[line % cart.length]
}

function findOrder(model: Model, back: number): Found | undefined {
  return model.checkouts.flatMap((checkout) => checkout.orders.map((order) => ({ checkout, order }))).at(-1 - back)
}

const isSame = (a: Item, b: Item): boolean => a.product === b.product && a.variant === b.variant && a.text === b.text

function reserve(model: Model, buyer: number, item: Item, quantity: number): string {
  const refusal = quantity < 1 ? 'SWINV' : refuseItem(model, item)
  if (refusal) return refusal
  const own = cartOf(model, buyer).find((line) => isSame(line, item))
  const is_held_already = unitsFor(model, item.product, item.variant) === 1 && quantity === 1 && own?.quantity === 1
  return putLine(model, buyer, item, own, is_held_already ? 1 : quantity + (own?.quantity ?? 0))
}

/** A buyer chooses a variant if there are some, and writes a text if the listing takes one. */
function refuseItem(model: Model, { product, variant, text }: Item): string | null {
  const offered = variantsOf(model, product)
  if (variant === null && offered.length > 0) return 'SWVRQ'
  if (variant !== null && !offered.includes(variant)) return 'SWVUN'
  if (text === null && world.takes_text[product] === 'required') return 'SWPER'
  return text !== null && world.takes_text[product] === 'no' ? 'SWINV' : null
}

function change(model: Model, buyer: number, own: Line | undefined, quantity: number): string {
  return own ? putLine(model, buyer, own, own, quantity) : 'SWNTF'
}

function release(model: Model, buyer: number, own: Line | undefined): string {
  model.lines = model.lines.filter((line) => line !== own)
  model.has_unseen_lapse[buyer] = false
  return 'ok'
}

/** A line without a variant is gone when its listing gets some, and a line of a variant when that is archived. */
const isGone = (model: Model, { product, variant }: Item): boolean =>
  variant === null ? variantsOf(model, product).length > 0 : variantOf(model, variant)?.is_archived === true

/** The lines of a cart that take one stock share it, except lines that are gone. */
function putLine(model: Model, buyer: number, item: Item, own: Line | undefined, quantity: number): string {
  const stock = stockNow(model, item.product, item.variant)
  const units = unitsFor(model, item.product, item.variant)
  const others = cartOf(model, buyer).filter((line) => line !== own && line.product === item.product && !isGone(model, line))
  const sharing = others.filter((line) => stock === null || line.variant === stock)
  const wanted = sharing.reduce((sum, line) => sum + line.quantity, quantity)
  if (isGone(model, item) || wanted > units) return 'SWSTK'
  const until = units === 1 ? hold(model, buyer, item.product, stock, own) : own && isLive(model, own) ? own.until : null
  if (until === 'SWRES') return until
  model.has_unseen_lapse[buyer] = false
  if (own) Object.assign(own, { quantity, until, stock })
  else {
    const price_when_added = priceOf(model, item.product, item.variant)
    const { product, variant, text } = item
    const id = ++model.last_line
    model.lines.push({ id, buyer, product, variant, text, stock, quantity, price_when_added, until, outlives: false })
  }
  return 'ok'
}

/** Returns the minute at which the hold of the line on the last unit of a stock will end, or null for a line without a hold. */
function hold(
  model: Model,
  buyer: number,
  product: number,
  stock: number | null,
  own: Line | undefined,
): number | null | 'SWRES' {
  const held = heldLine(model, product, stock)
  const other = held === own ? undefined : held
  // The buyer's own line of this stock is gone, because others would share the unit.
  if (other?.buyer === buyer) other.until = null
  else if (other && isLive(model, other)) return 'SWRES'
  const last = own?.until ?? model.holds[buyer]?.get(stockKey(product, stock))
  const is_new = last === undefined || last + PAUSE_MINUTES <= model.minute
  const until = is_new ? model.minute + HOLD_MINUTES : last > model.minute ? last : null
  if (until !== null && other && other.buyer !== buyer) endHold(model, other)
  model.holds[buyer]?.set(stockKey(product, stock), until ?? (last as number))
  return until
}

/** Returns the line that has the one hold on a stock, lapsed or not. */
const heldLine = (model: Model, product: number, stock: number | null): Line | undefined =>
  model.lines.find((line) => line.product === product && line.stock === stock && line.until !== null)

/** Returns true if the line stays when its hold lapses: it has several units, or it came back from a failed payment. */
const staysUnheld = (line: Line): boolean => line.outlives || line.quantity > 1

/** Ends a lapsed hold. Deletes its line and marks the lapse as unseen by the buyer, unless the line stays. */
function endHold(model: Model, line: Line): void {
  if (staysUnheld(line)) {
    line.until = null
    return
  }
  model.lines = model.lines.filter((one) => one !== line)
  model.holds[line.buyer]?.set(stockKey(line.product, line.stock), line.until as number)
  model.has_unseen_lapse[line.buyer] = true
}

const isLive = (model: Model, { until }: Line): boolean => until !== null && until > model.minute

function expire(model: Model): number {
  const lapsed = model.lines.filter((line) => line.until !== null && !isLive(model, line))
  const before = model.lines.length
  for (const line of lapsed) endHold(model, line)
  return before - model.lines.length
}

function place(model: Model, key: Key): string {
  if (key.response) return `replay ${key.response}`
  if (key.checkout) return 'SWIDP'
  const lines = cartOf(model, key.buyer)
  const is_raised = lines.some((line) => priceOf(model, line.product, line.variant) > line.price_when_added)
  const news = is_raised || model.has_unseen_lapse[key.buyer] ? 'SWPRC' : null
  const refusal = lines.length === 0 ? 'SWCRT' : (findTrouble(model, key.buyer, lines) ?? news)
  if (refusal) {
    key.response = refusal
    return `refuse ${refusal}`
  }
  const checkout = split(model, key, lines)
  for (const { shop, lines } of checkout.orders) for (const line of lines) sell(model, shop, line)
  model.lines = model.lines.filter(({ buyer }) => buyer !== key.buyer)
  key.checkout = checkout
  model.checkouts.push(checkout)
  return `charge ${checkout.total}`
}

/**
 * Returns the error of the first line that cannot be ordered, or null, in the order of the cart: by shop, then by time of addition.
 * A line takes its units after the older lines of its stock that are not gone. A hold keeps one unit.
 */
function findTrouble(model: Model, buyer: number, lines: Line[]): string | null {
  for (const shop of world.shipping.keys())
    for (const line of lines.filter(({ product }) => world.shop_of[product] === shop)) {
      const { product, variant, id } = line
      const stock = stockNow(model, product, variant)
      const units = unitsFor(model, product, variant)
      const sharing = lines.filter(
        (one) => one.product === product && (stock === null || one.variant === stock) && !isGone(model, one),
      )
      const wanted = sharing.filter((one) => one.id <= id).reduce((sum, { quantity }) => sum + quantity, 0)
      const held = heldLine(model, product, stock)
      if (isGone(model, line) || wanted > units) return 'SWSTK'
      if (held && held.buyer !== buyer && isLive(model, held) && wanted > units - 1) return 'SWRES'
    }
  return null
}

function split(model: Model, key: Key, lines: Line[]): Checkout {
  const orders: Order[] = []
  for (const [shop, { base, per_extra_item }] of world.shipping.entries()) {
    const own = lines.filter(({ product }) => world.shop_of[product] === shop)
    if (own.length === 0) continue
    const count = own.reduce((sum, { quantity }) => sum + quantity, 0)
    const order_lines = own.map(({ product, variant, text, quantity }): OrderLine => {
      const price = priceOf(model, product, variant)
      return { product, variant, text, price, quantity, sent: 0, refunded: 0, restocked: 0, lost: 0 }
    })
    const subtotal = order_lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
    const shipping = base + per_extra_item * (count - 1)
    const money = { total: subtotal + shipping, shipping, shipping_refunded: 0, refunded: 0, disputed: 0 }
    orders.push({ shop, status: 'pending', status_before: 'paid', is_paid: false, parcels: 0, lines: order_lines, ...money })
  }
  const total = orders.reduce((sum, order) => sum + order.total, 0)
  return {
    buyer: key.buyer,
    status: 'pending',
    payment: 'pending',
    total,
    refunded: 0,
    owes_late_charge: false,
    dispute: null,
    key,
    lines,
    orders,
  }
}

function settle(model: Model, checkout: Checkout, outcome: string): string {
  const { key } = checkout
  if (checkout.status === 'pending' && outcome === 'paid') {
    checkout.status = checkout.payment = 'paid'
    for (const order of checkout.orders) {
      order.status = 'paid'
      order.is_paid = true
    }
  } else if (checkout.status === 'pending' && outcome !== 'pending') {
    giveBack(model, checkout, outcome === 'declined' ? 'declined' : 'failed')
    // The provider charged nothing and the key has no response: the buyer can send the key again.
    if (key && outcome === 'unavailable' && !key.response) {
      key.checkout = null
      checkout.key = null
    }
  } else if (checkout.status === 'cancelled' && outcome === 'paid') checkout.owes_late_charge = true
  const responses = { paid: 'paid', pending: 'pending', cancelled: checkout.payment === 'declined' ? 'SWDCL' : 'SWPAY' }
  if (checkout.key) checkout.key.response ??= responses[checkout.status]
  return `${checkout.status} ${checkout.key?.response ?? responses[checkout.status]}`
}

/**
 * Cancels the orders and returns their lines to the cart, where the lines stay when a hold lapses. A line keeps the rest of its
 * hold unless a cart has a hold on the stock by now, or the line takes another stock by now.
 */
function giveBack(model: Model, checkout: Checkout, payment: 'declined' | 'failed'): void {
  checkout.status = 'cancelled'
  checkout.payment = payment
  for (const order of checkout.orders) {
    order.status = 'cancelled'
    for (const line of order.lines) returnUnits(model, order.shop, line, line.quantity)
  }
  for (const line of checkout.lines) {
    const again = cartOf(model, checkout.buyer).find((one) => isSame(one, line))
    const stock = stockNow(model, line.product, line.variant)
    const keeps_hold = isLive(model, line) && line.stock === stock && !heldLine(model, line.product, stock)
    if (again) again.outlives = true
    else model.lines.push({ ...line, stock, until: keeps_hold ? line.until : null, outlives: true })
  }
  model.lines.sort((a, b) => a.id - b.id)
}

const moves: Record<string, { from: string[]; to: string; by: string[] }> = {
  ship: { from: ['paid'], to: 'shipped', by: ['seller'] },
  deliver: { from: ['shipped'], to: 'delivered', by: ['seller'] },
  receive: { from: ['shipped'], to: 'delivered', by: ['buyer'] },
  cancel: { from: ['paid'], to: 'cancelled', by: ['buyer', 'seller'] },
  refund: { from: ['paid', 'shipped', 'delivered', 'cancelled'], to: 'refunded', by: ['seller'] },
}

function move(model: Model, found: Found, name: string, who: string): string {
  const { order } = found
  if (who === 'stranger') return 'SWNTF'
  const rule = moves[name]
  if (!rule?.by.includes(who)) return 'SWOWN'
  if (!rule.from.includes(order.status)) return 'SWSTA'
  if (name === 'ship') return shipLine(order, null)
  if (name === 'refund') return refundAll(model, found, null)
  if (name === 'cancel' && order.parcels > 0) return 'SWSTA'
  if (name === 'cancel') return refundAll(model, found, 'cancelled')
  order.status = rule.to
  return `ok ${rule.to}`
}
