/** The rules of refunds, shipments and disputes in the model. */
import { type Found, type Model, type Order, type OrderLine, type Refund, type RefundCommand, returnUnits } from './state.ts'

/** Units that are in no parcel and were not given back. */
const unsentOf = (line: OrderLine): number => Math.max(line.quantity - line.sent - line.refunded - line.lost, 0)
const refundableOf = (line: OrderLine): number => line.quantity - line.refunded

type Part = { amount: number; shipping: number; units: Refund['units'] }

/** Refunds all that is left, or cancels the order with it. */
export function refundAll(model: Model, found: Found, new_status: 'cancelled' | null): string {
  const { order } = found
  const refusal = findRefusal(found, order.total - order.refunded)
  if (refusal) return refusal
  writeRefund(model, found, wholeRest(order, null), new_status)
  return `ok ${order.status}`
}

/** Refunds an amount, a line, postage, or all that is left, for the seller. */
export function refundPart(model: Model, found: Found, command: RefundCommand): string {
  const { order } = found
  const line = order.lines[command.line % order.lines.length] as OrderLine
  if (['amount', 'shipping'].includes(command.part) && command.restock) return 'SWINV'
  const refusal_of_any = findRefusal(found, 0)
  if (refusal_of_any) return refusal_of_any
  if (command.part === 'shipping' && command.amount > order.shipping - order.shipping_refunded) return 'SWRFX'
  if (command.part === 'line' && command.quantity > refundableOf(line)) return 'SWRFX'
  const part = partOf(order, line, command)
  const refusal = findRefusal(found, part.amount)
  if (refusal) return refusal
  writeRefund(model, found, part, null)
  return `ok ${part.amount}`
}

function partOf(order: Order, line: OrderLine, { part, amount, quantity, restock }: RefundCommand): Part {
  if (part === 'amount') return { amount, shipping: 0, units: [] }
  if (part === 'shipping') return { amount, shipping: amount, units: [] }
  if (part === 'all') return wholeRest(order, restock)
  return { amount: line.price * quantity, shipping: 0, units: [unitsOf(line, quantity, restock)] }
}

function wholeRest(order: Order, restock: boolean | null): Part {
  const amount = order.total - order.refunded
  const lines = order.lines.filter((line) => refundableOf(line) > 0)
  const units = lines.map((line) => unitsOf(line, refundableOf(line), restock))
  return { amount, shipping: Math.min(order.shipping - order.shipping_refunded, amount), units }
}

function unitsOf(line: OrderLine, quantity: number, restock: boolean | null): Refund['units'][number] {
  const taken_over = Math.min(quantity, line.lost)
  const fresh = quantity - taken_over
  if (restock === null) return { line, quantity, taken_over, restocked: Math.min(fresh, unsentOf(line)) }
  return { line, quantity, taken_over, restocked: restock ? Math.min(fresh, line.quantity - line.restocked) : 0 }
}

function findRefusal({ checkout, order }: Found, amount: number): string | null {
  if (!order.is_paid || order.refunded === order.total) return 'SWSTA'
  if (amount > order.total - order.refunded) return 'SWRFX'
  return checkout.dispute === 'open' ? 'SWDSP' : null
}

function writeRefund(model: Model, { checkout, order }: Found, part: Part, new_status: 'cancelled' | null): void {
  for (const { line, quantity, restocked, taken_over } of part.units) {
    line.refunded += quantity
    line.lost -= taken_over
    line.restocked += restocked
    returnUnits(model, order.shop, line, restocked)
  }
  order.refunded += part.amount
  order.shipping_refunded += part.shipping
  checkout.refunded += part.amount
  if (checkout.refunded === checkout.total) checkout.payment = 'refunded'
  if (order.status !== 'refunded') order.status_before = order.status
  if (new_status) order.status = new_status
  else if (order.status !== 'cancelled' && order.refunded === order.total) order.status = 'refunded'
  else shipIfAllHasLeft(order)
  model.refunds.push({ order, checkout, status: 'pending', ...part })
}

function shipIfAllHasLeft(order: Order): void {
  if (order.status === 'paid' && order.parcels > 0 && order.lines.every((line) => unsentOf(line) === 0)) order.status = 'shipped'
}

/** Sends a parcel of one line, or of all that is left. */
export function shipLine(order: Order, command: { line: number; quantity: number } | null): string {
  if (!['paid', 'shipped', 'delivered'].includes(order.status)) return 'SWSTA'
  const line = command && (order.lines[command.line % order.lines.length] as OrderLine)
  const left = order.lines.some((one) => unsentOf(one) > 0)
  if (line ? command.quantity > unsentOf(line) : !left) return 'SWSTA'
  if (line) line.sent += command.quantity
  else for (const one of order.lines) one.sent += unsentOf(one)
  order.parcels++
  shipIfAllHasLeft(order)
  return `ok ${order.status}`
}

/** Applies the provider's outcome. A refund that fails is owed again; its units stay in the stock. */
export function settleRefund(refund: Refund, outcome: 'sent' | 'refunded' | 'failed'): string {
  const { order, checkout } = refund
  if (refund.status === 'failed' || refund.status === outcome || (refund.status === 'refunded' && outcome === 'sent')) return 'ok'
  refund.status = outcome
  if (outcome !== 'failed') return 'ok'
  for (const { line, quantity, restocked, taken_over } of refund.units) {
    line.refunded -= quantity
    line.lost += restocked + taken_over
  }
  order.refunded -= refund.amount
  order.shipping_refunded -= refund.shipping
  checkout.refunded -= refund.amount
  if (checkout.payment === 'refunded') checkout.payment = 'paid'
  if (order.status === 'refunded') order.status = order.status_before
  shipIfAllHasLeft(order)
  return 'ok'
}

/** Opens or wins the one dispute of a payment. It is about all that is left, and what the bank has decided stays. */
export function dispute({ checkout }: Found, status: 'open' | 'won'): string {
  const is_news = checkout.dispute === null || (checkout.dispute === 'open' && status === 'won')
  if (!is_news || checkout.status !== 'paid') return 'ok'
  checkout.dispute = status
  for (const order of checkout.orders) order.disputed = status === 'open' ? order.total - order.refunded : 0
  return 'ok'
}
