/** The rules once more, in memory and for one caller at a time: the expected result and state after each command. */

import { dispute, refundAll, refundPart, settleRefund, shipLine } from './follow_ups.ts'
import {
  addStock,
  type Checkout,
  type Found,
  type Key,
  type Line,
  type Model,
  type Order,
  type OrderLine,
  type RefundCommand,
  world,
} from './state.ts'

export type Command =
  | { do: 'reserve' | 'change'; buyer: number; product: number; quantity: number }
  | { do: 'release'; buyer: number; product: number }
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

const HOLD_MINUTES = 15
/** From the end of a hold to the next hold of the same buyer on the same product. */
const PAUSE_MINUTES = 60

export function newModel(): Model {
  const carts = Array.from({ length: world.buyers }, () => new Map<number, Line>())
  const holds = carts.map(() => new Map<number, number>())
  const has_unseen_lapse = carts.map(() => false)
  const sales = world.shipping.map(() => 0)
  return { minute: 0, stock: [...world.stock], sales, carts, holds, has_unseen_lapse, checkouts: [], refunds: [], keys: [] }
}

/**
 * Runs the command in the model and returns the expected result of the database: `ok…`, `none`, the step or status of a
 * checkout with its response, or the SQLSTATE of an error.
 */
export function expectCommand(model: Model, command: Command): string {
  switch (command.do) {
    case 'reserve':
      if (command.quantity < 1) return 'SWINV'
      return reserve(model, command.buyer, command.product, command.quantity)
    case 'change':
      if (!model.carts[command.buyer]?.has(command.product)) return 'SWNTF'
      if (model.stock[command.product] === 1 && command.quantity === 1) return hold(model, command.buyer, command.product)
      return putIntoCart(model, command.buyer, command.product, command.quantity)
    case 'release':
      model.carts[command.buyer]?.delete(command.product)
      model.has_unseen_lapse[command.buyer] = false
      return 'ok'
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
    case 'move': {
      const found = findOrder(model, command.back)
      return found ? move(model, found, command.move, command.who) : 'none'
    }
    case 'refund_part': {
      const found = findOrder(model, command.back)
      return found ? refundPart(model, found, command) : 'none'
    }
    case 'ship_line': {
      const found = findOrder(model, command.back)
      return found ? shipLine(found.order, command) : 'none'
    }
    case 'settle_refund': {
      const refund = model.refunds.at(-1 - command.back)
      return refund ? settleRefund(refund, command.outcome) : 'none'
    }
    case 'dispute': {
      const found = findOrder(model, command.back)
      return found ? dispute(found, command.status) : 'none'
    }
  }
}

function findOrder(model: Model, back: number): Found | undefined {
  return model.checkouts.flatMap((checkout) => checkout.orders.map((order) => ({ checkout, order }))).at(-1 - back)
}

function reserve(model: Model, buyer: number, product: number, quantity: number): string {
  const own = model.carts[buyer]?.get(product)
  if (model.stock[product] === 1 && quantity === 1 && (own?.quantity ?? 1) === 1) return hold(model, buyer, product)
  return putIntoCart(model, buyer, product, quantity + (own?.quantity ?? 0))
}

function putIntoCart(model: Model, buyer: number, product: number, quantity: number): string {
  const own = model.carts[buyer]?.get(product)
  if (quantity > (model.stock[product] ?? 0)) return 'SWSTK'
  return writeLine(model, buyer, product, quantity, own && isLive(model, own) ? own.until : null)
}

function hold(model: Model, buyer: number, product: number): string {
  const own = model.carts[buyer]?.get(product)
  if (own && isLive(model, own)) return writeLine(model, buyer, product, 1, own.until)
  const others = [...model.carts.keys()].filter((other) => other !== buyer)
  const holder = others.find((other) => (model.carts[other]?.get(product)?.until ?? null) !== null)
  const held = holder === undefined ? undefined : model.carts[holder]?.get(product)
  if (held && isLive(model, held)) return 'SWRES'
  const last = own?.until ?? model.holds[buyer]?.get(product)
  const is_new = last === undefined || last + PAUSE_MINUTES <= model.minute
  const until = is_new ? model.minute + HOLD_MINUTES : last > model.minute ? last : null
  if (until !== null && held) endHold(model, holder as number, held)
  model.holds[buyer]?.set(product, until ?? (last as number))
  return writeLine(model, buyer, product, 1, until)
}

function writeLine(model: Model, buyer: number, product: number, quantity: number, until: number | null): string {
  const cart = model.carts[buyer] as Map<number, Line>
  cart.set(product, { product, quantity, until, outlives: cart.get(product)?.outlives ?? false })
  model.has_unseen_lapse[buyer] = false
  return 'ok'
}

/** Returns true if the line stays when its hold lapses: it has several units, or it came back from a failed payment. */
const staysUnheld = (line: Line): boolean => line.outlives || line.quantity > 1

/** Ends a lapsed hold. Deletes its line and marks the lapse as unseen by the buyer, unless the line stays. */
function endHold(model: Model, buyer: number, line: Line): void {
  if (staysUnheld(line)) {
    model.carts[buyer]?.set(line.product, { ...line, until: null })
    return
  }
  model.carts[buyer]?.delete(line.product)
  model.holds[buyer]?.set(line.product, line.until as number)
  model.has_unseen_lapse[buyer] = true
}

function isLive(model: Model, line: Line | undefined): boolean {
  return line !== undefined && line.until !== null && line.until > model.minute
}

function expire(model: Model): number {
  let count = 0
  for (const [buyer, cart] of model.carts.entries())
    for (const line of [...cart.values()])
      if (line.until !== null && !isLive(model, line)) {
        endHold(model, buyer, line)
        if (!staysUnheld(line)) count++
      }
  return count
}

function place(model: Model, key: Key): string {
  if (key.response) return `replay ${key.response}`
  if (key.checkout) return 'SWIDP'
  const cart = model.carts[key.buyer] as Map<number, Line>
  const lines = [...cart.values()].sort((a, b) => a.product - b.product)
  const in_order = [...cart.values()].sort((a, b) => (world.shop_of[a.product] ?? 0) - (world.shop_of[b.product] ?? 0))
  const is_unseen = model.has_unseen_lapse[key.buyer] ? 'SWPRC' : null
  const refusal = lines.length === 0 ? 'SWCRT' : (findTrouble(model, key.buyer, in_order) ?? is_unseen)
  if (refusal) {
    key.response = refusal
    return `refuse ${refusal}`
  }
  const checkout = split(key, lines)
  for (const order of checkout.orders) changeStock(model, order, -1)
  cart.clear()
  key.checkout = checkout
  model.checkouts.push(checkout)
  return `charge ${checkout.total}`
}

/**
 * Returns the error of the first line that cannot be ordered, or null. `lines` are in the order of the cart: by shop, then by
 * time of addition. A hold keeps one unit.
 */
function findTrouble(model: Model, buyer: number, lines: Line[]): string | null {
  for (const { product, quantity } of lines) {
    const stock = model.stock[product] ?? 0
    const others = model.carts.filter((_, other) => other !== buyer)
    const held = others.filter((cart) => isLive(model, cart.get(product))).length
    if (quantity > stock) return 'SWSTK'
    if (quantity > stock - held) return 'SWRES'
  }
  return null
}

function split(key: Key, lines: Line[]): Checkout {
  const orders: Order[] = []
  for (const [shop, { base, per_extra_item }] of world.shipping.entries()) {
    const own = lines.filter(({ product }) => world.shop_of[product] === shop)
    if (own.length === 0) continue
    const count = own.reduce((sum, { quantity }) => sum + quantity, 0)
    const subtotal = own.reduce((sum, { product, quantity }) => sum + (world.price[product] ?? 0) * quantity, 0)
    const shipping = base + per_extra_item * (count - 1)
    const order_lines = own.map(({ product, quantity }): OrderLine => {
      return { product, quantity, sent: 0, refunded: 0, restocked: 0, lost: 0 }
    })
    const money = { total: subtotal + shipping, shipping, shipping_refunded: 0, refunded: 0 }
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
    is_disputed: false,
    key,
    lines,
    orders,
  }
}

function changeStock(model: Model, { shop, lines }: Order, sign: 1 | -1): void {
  for (const { product, quantity } of lines) addStock(model, shop, product, sign * quantity)
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
 * hold unless a cart has a hold on the product by now.
 */
function giveBack(model: Model, checkout: Checkout, payment: 'declined' | 'failed'): void {
  checkout.status = 'cancelled'
  checkout.payment = payment
  for (const order of checkout.orders) {
    order.status = 'cancelled'
    changeStock(model, order, 1)
  }
  const cart = model.carts[checkout.buyer] as Map<number, Line>
  for (const line of checkout.lines) {
    const isHeld = model.carts.some((other) => (other.get(line.product)?.until ?? null) !== null)
    const until = isLive(model, line) && !isHeld ? line.until : null
    const again = cart.get(line.product)
    cart.set(line.product, again ? { ...again, outlives: true } : { ...line, until, outlives: true })
  }
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
