import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { withDeadline } from '../../platform/db/deadline.ts'
import { traceparent } from '../../platform/tracing/trace.ts'
import { countOrders } from '../orders/count_orders.ts'
import type { Settlement } from '../payments/gateway.ts'
import { settleCheckout } from './statements.ts'

/** Settles a checkout within a call, after the provider's response. The money may have moved, so it gets a new deadline. */
export async function settle(c: Context<Env>, checkout_id: number, settlement: Settlement, lease_until: Date | null = null) {
  const facts = { request_id: c.get('request_id'), traceparent: traceparent(), lease_until }
  const settled = await withDeadline(() => settleCheckout.one(c.get('sql'), { checkout_id, ...settlement, ...facts }))
  countOrders(c.get('metrics'), settled.status, settled.moved_totals)
  return settled
}
