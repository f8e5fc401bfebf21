import type { LabelsOf } from '../../platform/metrics/declarations.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'

export type OrderStatusName = LabelsOf<'etsy_orders_total'>['status']

/** Counts the orders that a committed statement moved to a status, by their totals in dollars. Null: no order. */
export function countOrders(metrics: Metrics, status: OrderStatusName, totals: readonly string[] | null): void {
  countMoves(metrics, status, totals)
  if (status === 'paid') for (const total of totals ?? []) metrics.observe('etsy_order_value_dollars', {}, Number(total))
}

/** Like countOrders, for reports about refunds: a failed one moves its order back to paid, which is no other sale. */
export function countMoves(metrics: Metrics, status: OrderStatusName, totals: readonly string[] | null): void {
  for (const _ of totals ?? []) metrics.add('etsy_orders_total', { status })
}
