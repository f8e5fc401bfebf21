/** The rules once more, in memory and for one caller at a time: what each command should answer and leave behind. */
import { type Checkout, type Key, type Line, type Model, type Order, world } from './state.ts'

export type Command =
  | { do: 'reserve' | 'change'; buyer: number; product: number; quantity: number }
  | { do: 'release'; buyer: number; product: number }
  | { do: 'expire' }
  | { do: 'wait'; minutes: number }
  | { do: 'check_out'; buyer: number }
  | { do: 'repeat'; back: number }
  | { do: 'settle'; back: number; outcome: string }
  | { do: 'move'; back: number; move: string; who: string }

const HOLD_MINUTES = 15

export function newModel(): Model {
  const carts = Array.from({ length: world.buyers }, () => new Map<number, Line>())
  return { minute: 0, stock: [...world.stock], sales: world.shipping.map(() => 0), carts, checkouts: [], keys: [] }
}

/** Does the command in the model and answers what the database should answer: `ok…`, `none`, or the SQLSTATE of the refusal. */
export function expectCommand(model: Model, command: Command): string {
  switch (command.do) {
    case 'reserve':
      if (command.quantity < 1) return 'SWINV'
      return putIntoCart(
        model,
        command.buyer,
        command.product,
        command.quantity,
        model.carts[command.buyer]?.get(command.product)?.quantity ?? 0,
      )
    case 'change':
      if (!model.carts[command.buyer]?.has(command.product)) return 'SWNTF'
      return putIntoCart(model, command.buyer, command.product, command.quantity, 0)
    case 'release':
      model.carts[command.buyer]?.delete(command.product)
      return 'ok'
    case 'expire':
      return `ok ${expire(model)}`
    case 'wait':
      model.minute += command.minutes
      return 'ok'
    case 'check_out': {
      const key: Key = { name: `key-${model.keys.length}`, buyer: command.buyer, answer: null, checkout: null }
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
      const orders = model.checkouts.flatMap((checkout) => checkout.orders.map((order) => ({ checkout, order })))
      const found = orders.at(-1 - command.back)
      return found ? move(model, found.checkout, found.order, command.move, command.who) : 'none'
    }
  }
}

function putIntoCart(model: Model, buyer: number, product: number, quantity: number, already: number): string {
  const cart = model.carts[buyer] as Map<number, Line>
  const stock = model.stock[product] ?? 0
  if (stock === 1 && quantity === 1) return hold(model, cart, product)
  if (quantity + already > stock) return 'SWSTK'
  cart.set(product, { product, quantity: quantity + already, until: null })
  return 'ok'
}

function hold(model: Model, cart: Map<number, Line>, product: number): string {
  const own = cart.get(product)
  if (own && isLive(model, own)) return 'ok'
  for (const other of model.carts) {
    const line = other === cart ? undefined : other.get(product)
    if (!line || line.until === null) continue
    if (isLive(model, line)) return 'SWRES'
    other.delete(product)
  }
  cart.set(product, { product, quantity: 1, until: model.minute + HOLD_MINUTES })
  return 'ok'
}

function isLive(model: Model, line: Line): boolean {
  return line.until !== null && line.until > model.minute
}

function expire(model: Model): number {
  let count = 0
  for (const cart of model.carts)
    for (const line of cart.values())
      if (line.until !== null && !isLive(model, line)) {
        cart.delete(line.product)
        count++
      }
  return count
}

function place(model: Model, key: Key): string {
  if (key.answer) return `answer ${key.answer}`
  if (key.checkout) return 'SWIDP'
  const cart = model.carts[key.buyer] as Map<number, Line>
  const lines = [...cart.values()].sort((a, b) => a.product - b.product)
  const refusal = lines.length === 0 ? 'SWCRT' : findTrouble(model, key.buyer, lines)
  if (refusal) {
    key.answer = refusal
    return `refused ${refusal}`
  }
  const checkout = split(key, lines)
  for (const order of checkout.orders) changeStock(model, order, -1)
  cart.clear()
  key.checkout = checkout
  model.checkouts.push(checkout)
  return `charge ${checkout.total}`
}

/** A hold is named before a shortage; of several the first by product. */
function findTrouble(model: Model, buyer: number, lines: Line[]): string | null {
  const troubles = lines.flatMap(({ product, quantity }) => {
    const stock = model.stock[product] ?? 0
    let held = 0
    for (const [other, cart] of model.carts.entries()) {
      const line = other === buyer ? undefined : cart.get(product)
      if (line && isLive(model, line)) held += line.quantity
    }
    return quantity > stock - held ? [quantity > stock ? 'SWSTK' : 'SWRES'] : []
  })
  return troubles.includes('SWRES') ? 'SWRES' : (troubles[0] ?? null)
}

function split(key: Key, lines: Line[]): Checkout {
  const orders: Order[] = []
  for (const [shop, { base, per_extra_item }] of world.shipping.entries()) {
    const own = lines.filter(({ product }) => world.shop_of[product] === shop)
    if (own.length === 0) continue
    const count = own.reduce((sum, { quantity }) => sum + quantity, 0)
    const subtotal = own.reduce((sum, { product, quantity }) => sum + (world.price[product] ?? 0) * quantity, 0)
    const units = new Map(own.map(({ product, quantity }) => [product, quantity]))
    orders.push({ shop, status: 'pending', total: subtotal + base + per_extra_item * (count - 1), units })
  }
  const total = orders.reduce((sum, order) => sum + order.total, 0)
  return {
    buyer: key.buyer,
    status: 'pending',
    payment: 'pending',
    total,
    refunded: 0,
    owes_late_charge: false,
    key,
    lines,
    orders,
  }
}

function changeStock(model: Model, { shop, units }: Order, sign: 1 | -1): void {
  for (const [product, quantity] of units) {
    model.stock[product] = (model.stock[product] ?? 0) + sign * quantity
    model.sales[shop] = (model.sales[shop] ?? 0) - sign * quantity
  }
}

function settle(model: Model, checkout: Checkout, outcome: string): string {
  const { key } = checkout
  if (checkout.status === 'pending' && outcome === 'paid') {
    checkout.status = checkout.payment = 'paid'
    for (const order of checkout.orders) order.status = 'paid'
  } else if (checkout.status === 'pending' && outcome !== 'pending') {
    giveBack(model, checkout, outcome === 'declined' ? 'declined' : 'failed')
    // Nothing was charged and nothing answered: the key can be tried again.
    if (key && outcome === 'unavailable' && !key.answer) {
      key.checkout = null
      checkout.key = null
    }
  } else if (checkout.status === 'cancelled' && outcome === 'paid') checkout.owes_late_charge = true
  const answers = { paid: '201', pending: '202', cancelled: checkout.payment === 'declined' ? 'SWDCL' : 'SWPAY' }
  if (checkout.key) checkout.key.answer ??= answers[checkout.status]
  return `${checkout.status} ${checkout.key?.answer ?? answers[checkout.status]}`
}

/** The orders are undone and the lines are back in the cart, with their hold unless somebody has one by now. */
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
    if (!cart.has(line.product)) cart.set(line.product, isHeld ? { ...line, until: null } : line)
  }
}

const moves: Record<string, { from: string[]; to: string }> = {
  ship: { from: ['paid'], to: 'shipped' },
  deliver: { from: ['shipped'], to: 'delivered' },
  cancel: { from: ['paid'], to: 'cancelled' },
  refund: { from: ['paid', 'shipped', 'delivered'], to: 'refunded' },
}

function move(model: Model, checkout: Checkout, order: Order, name: string, who: string): string {
  if (who === 'stranger') return 'SWNTF'
  if (who === 'buyer' && name !== 'cancel') return 'SWOWN'
  const rule = moves[name]
  if (!rule?.from.includes(order.status)) return 'SWSTA'
  order.status = rule.to
  if (rule.to === 'cancelled' || rule.to === 'refunded') {
    changeStock(model, order, 1)
    checkout.refunded += order.total
    if (checkout.refunded === checkout.total) checkout.payment = 'refunded'
  }
  return `ok ${rule.to}`
}
