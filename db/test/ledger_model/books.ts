/** The books of a marketplace in plain TypeScript: what each shop, the marketplace and the provider have after any events. */

/** US cents. */
export type Cents = bigint

/** `percent` and `tax_percent` are in hundredths. `category` is a name, and the rate counts for the names below it. */
export type Rate = {
  id: number
  position: number
  shop: number | null
  category: string | null
  percent: bigint
  fixed: Cents
  min: Cents
  max: Cents | null
  on_shipping: boolean
  tax_percent: bigint
  is_kept: boolean
  is_over: boolean
}
export type Line = { category: string; units: bigint; paid: Cents }
type Commission = { amount: Cents; tax: Cents; is_kept: boolean }
type Hold = { dispute: Dispute; amount: Cents }
export type Order = {
  id: number
  shop: number
  total: Cents
  commissions: Commission[]
  refunded: Cents
  holds: Hold[]
  is_released: boolean
  /** What the order has in each account. */
  shares: Shares
}
export type Checkout = { id: number; charge: string; total: Cents; orders: Order[] }
export type Refund = { order: Order; amount: Cents; has_failed: boolean }
export type Dispute = {
  checkout: Checkout
  reference: string
  amount: Cents
  status: 'open' | 'won' | 'lost'
  /** What the marketplace lost beyond the orders. */
  beyond: Cents
}
export type Payout = { id: number; shop: number; amount: Cents; status: string }
type Shares = {
  provider: Cents
  disputed: Cents
  commission: Cents
  commission_tax: Cents
  pending: Cents
  available: Cents
}

const PARENT: Record<string, string | undefined> = { mugs: 'kitchen' }
const OPEN = ['planned', 'sent', 'unknown']
const sumOf = (amounts: Cents[]): Cents => amounts.reduce((sum, amount) => sum + amount, 0n)
const least = (...amounts: [Cents, ...Cents[]]): Cents => amounts.sort((a, b) => (a < b ? -1 : 1))[0] as Cents

/** Rounds a quotient of positive numbers half up. */
const divide = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor)

export class Books {
  rates: Rate[] = []
  checkouts: Checkout[] = []
  refunds: Refund[] = []
  disputes: Dispute[] = []
  payouts: Payout[] = []
  adjustments = new Map<string, { shop: number; amount: Cents }>()
  private readonly minimum: Cents

  constructor(minimum: Cents) {
    // No payout is of nothing.
    this.minimum = minimum > 0n ? minimum : 1n
  }

  get orders(): Order[] {
    return this.checkouts.flatMap(({ orders }) => orders)
  }

  /** Adds the order of one shop to a sale. */
  sell(checkout: Checkout, id: number, shop: number, lines: Line[], shipping: Cents): void {
    const total = sumOf(lines.map(({ paid }) => paid)) + shipping
    const shares = { provider: 0n, disputed: 0n, commission: 0n, commission_tax: 0n, pending: 0n, available: 0n }
    const commissions = this.commissionsOf(shop, lines, shipping)
    const order: Order = { id, shop, total, commissions, refunded: 0n, holds: [], is_released: false, shares }
    checkout.orders.push(order)
    checkout.total += total
    book(order)
  }

  private commissionsOf(shop: number, lines: Line[], shipping: Cents): Commission[] {
    const parts = new Map<Rate, { units: bigint; base: Cents }>()
    for (const { category, units, paid } of lines) {
      const rate = this.rateOf(shop, category)
      const part = parts.get(rate) ?? { units: 0n, base: 0n }
      parts.set(rate, { units: part.units + units, base: part.base + paid })
    }
    const sorted = [...parts].sort(([a], [b]) => a.position - b.position)
    return sorted.map(([rate, { units, base }], place) => {
      if (place === 0 && rate.on_shipping) base += shipping
      const wanted = divide(base * rate.percent, 10_000n) + units * rate.fixed
      const limited = rate.max !== null && wanted > rate.max ? rate.max : wanted
      const amount = least(base, -least(-limited, -rate.min))
      return { amount, tax: least(base - amount, divide(amount * rate.tax_percent, 10_000n)), is_kept: rate.is_kept }
    })
  }

  private rateOf(shop: number, category: string): Rate {
    const names = [category, PARENT[category]]
    const fits = (rate: Rate) =>
      !rate.is_over && (rate.shop ?? shop) === shop && (rate.category === null || names.includes(rate.category))
    return this.rates.filter(fits).sort((a, b) => a.position - b.position)[0] as Rate
  }

  refund(order: Order, amount: Cents): void {
    order.refunded += amount
    this.refunds.push({ order, amount, has_failed: false })
    book(order)
  }

  failRefund(refund: Refund): void {
    if (refund.has_failed) return
    refund.has_failed = true
    refund.order.refunded -= refund.amount
    // Its money pays first for what disputes took beyond the orders.
    for (const dispute of this.disputes) if (dispute.checkout.orders.includes(refund.order)) this.cover(dispute)
    book(refund.order)
  }

  /** Takes from disputes what a refund at the provider lacks: both have left the payment. */
  uncover({ orders }: Checkout, amount: Cents): void {
    let missing = amount - sumOf(orders.map(leftOf).filter((left) => left > 0n))
    const holds = orders
      .filter((order) => leftOf(order) >= 0n)
      .flatMap(({ holds }) => holds.filter(({ dispute }) => dispute.status !== 'won'))
      .sort((a, b) => Number(a.dispute.status === 'lost') - Number(b.dispute.status === 'lost'))
    if (missing > sumOf(holds.map(({ amount }) => amount))) return
    for (const hold of holds) {
      const part = least(hold.amount, missing > 0n ? missing : 0n)
      hold.amount -= part
      missing -= part
      if (hold.dispute.status === 'lost') hold.dispute.beyond += part
    }
  }

  /** Returns the amounts of the orders, or null if they have less left. */
  spread({ orders }: Checkout, amount: Cents): [Order, Cents][] | null {
    const parts = orders.map((order) => ({ order, left: leftOf(order) })).filter(({ left }) => left > 0n)
    const all = sumOf(parts.map(({ left }) => left))
    if (amount > all) return null
    const shared = parts.map(({ order, left }) => ({ order, cents: (left * amount) / all, rest: (left * amount) % all }))
    let missing = amount - sumOf(shared.map(({ cents }) => cents))
    const by_rest = shared.toSorted((a, b) => Number(b.rest - a.rest) || a.order.id - b.order.id)
    for (const part of by_rest) if (missing-- > 0n) part.cents++
    return shared.map(({ order, cents }) => [order, cents])
  }

  openDispute(checkout: Checkout, reference: string, amount: Cents): Dispute {
    const dispute: Dispute = { checkout, reference, amount, status: 'open', beyond: 0n }
    this.disputes.push(dispute)
    for (const order of checkout.orders) order.holds.push({ dispute, amount: 0n })
    this.hold(dispute)
    return dispute
  }

  /** Holds as much of the disputed amount as the orders have left. */
  private hold(dispute: Dispute): void {
    const { checkout, amount } = dispute
    const missing = amount - sumOf(checkout.orders.map((order) => holdOf(order, dispute).amount))
    const part = least(missing, sumOf(checkout.orders.map(leftOf).filter((left) => left > 0n)))
    const parts = part > 0n ? this.spread(checkout, part) : []
    for (const [order, cents] of parts ?? []) holdOf(order, dispute).amount += cents
    for (const order of checkout.orders) book(order)
  }

  endDispute(dispute: Dispute, status: 'won' | 'lost'): void {
    if (dispute.status !== 'open') return
    dispute.status = status
    if (status === 'lost') this.cover(dispute)
    for (const order of dispute.checkout.orders) book(order)
  }

  /** A refund that failed leaves more to the orders. */
  private cover(dispute: Dispute): void {
    if (dispute.status === 'won') return
    this.hold(dispute)
    const held = sumOf(dispute.checkout.orders.map((order) => holdOf(order, dispute).amount))
    if (dispute.status === 'lost') dispute.beyond = dispute.amount - held
  }

  isHeld = (order: Order): boolean => order.holds.some(({ dispute }) => dispute.status === 'open')

  release(orders: Order[]): void {
    for (const order of orders) {
      if (order.is_released || this.isHeld(order)) continue
      order.is_released = true
      book(order)
    }
  }

  balanceOf(shop: number): { pending: Cents; available: Cents; in_transit: Cents } {
    const orders = this.orders.filter((order) => order.shop === shop)
    const adjusted = [...this.adjustments.values()].filter((one) => one.shop === shop)
    const payouts = this.payouts.filter((payout) => payout.shop === shop)
    const gone = payouts.filter(({ status }) => status === 'paid' || OPEN.includes(status))
    return {
      pending: sumOf(orders.map(({ shares }) => shares.pending)),
      available:
        sumOf(orders.map(({ shares }) => shares.available)) +
        sumOf(adjusted.map(({ amount }) => amount)) -
        sumOf(gone.map(({ amount }) => amount)),
      in_transit: sumOf(payouts.filter(({ status }) => OPEN.includes(status)).map(({ amount }) => amount)),
    }
  }

  /** Returns why a shop can have no payout now, or null. The minimum is for the daily plan. */
  obstacleOf(shop: number, minimum = this.minimum): 'SWPHL' | 'SWPMI' | null {
    if (this.payouts.some((payout) => payout.shop === shop && OPEN.includes(payout.status))) return 'SWPHL'
    return this.balanceOf(shop).available < minimum ? 'SWPMI' : null
  }

  settle(payout: Payout, outcome: string): void {
    const is_open = OPEN.includes(payout.status)
    const is_late = outcome === 'returned' ? !is_open && payout.status !== 'paid' : !is_open
    if (!is_late) payout.status = outcome
  }

  /** Returns what the accounts without a shop have. */
  platform(): Record<string, Cents> {
    const of = (account: 'provider' | 'disputed' | 'commission' | 'commission_tax') =>
      sumOf(this.orders.map(({ shares }) => shares[account]))
    const beyond = sumOf(this.disputes.map((dispute) => dispute.beyond))
    const paid = sumOf(this.payouts.filter(({ status }) => status === 'paid').map(({ amount }) => amount))
    return {
      provider: of('provider') + beyond + paid,
      disputed: of('disputed'),
      commission: of('commission'),
      commission_tax: of('commission_tax'),
      bad_debt: -beyond,
      platform_funding: -sumOf([...this.adjustments.values()].map(({ amount }) => amount)),
    }
  }
}

const holdOf = (order: Order, dispute: Dispute): Hold => order.holds.find((hold) => hold.dispute === dispute) as Hold

/** Returns the sum of the holds of disputes with these statuses. */
const heldOf = (order: Order, ...statuses: string[]): Cents =>
  sumOf(order.holds.filter(({ dispute }) => statuses.includes(dispute.status)).map(({ amount }) => amount))

export const leftOf = (order: Order): Cents => order.total - order.refunded - heldOf(order, 'open', 'lost')

/** Divides an order again, from all that has happened to it. */
function book(order: Order): void {
  const { total, refunded, shares } = order
  const [disputed, lost] = [heldOf(order, 'open'), heldOf(order, 'lost')]
  const gone = refunded + disputed + lost
  // An order from which more has gone than it cost returns its commission once.
  const returned = least(gone, total)
  const stays = (cents: Cents, is_kept: boolean) => cents - (is_kept ? 0n : divide(cents * returned, total))
  shares.disputed = disputed
  shares.provider = refunded + lost - total
  shares.commission = sumOf(order.commissions.map(({ amount, is_kept }) => stays(amount, is_kept)))
  shares.commission_tax = sumOf(order.commissions.map(({ tax, is_kept }) => stays(tax, is_kept)))
  const of_shop = total - gone - shares.commission - shares.commission_tax
  if (order.is_released || gone >= total) shares.available = of_shop
  shares.pending = of_shop - shares.available
}
