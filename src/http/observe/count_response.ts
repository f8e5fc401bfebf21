import type { Context } from 'hono'
import { httpMethods, type LabelsOf, searchFilters } from '../../platform/metrics/declarations.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import type { Env } from '../env.ts'

/** The calls with a latency objective. Each has its own histogram. */
const promised: Record<string, (metrics: Metrics, took_s: number, c: Context<Env>) => void> = {
  'GET /v1/search': (metrics, took_s, c) =>
    metrics.observe('etsy_search_latency_seconds', { filters: filtersOf(c.req.query()) }, took_s),
  'POST /v1/checkout': (metrics, took_s) => metrics.observe('etsy_checkout_latency_seconds', {}, took_s),
}

/** The outcome of POST /v1/sessions by status. Other statuses do not depend on the password. */
const outcomeOfSignIn: Record<number, LabelsOf<'sign_ins_total'>['outcome']> = { 201: 'succeeded', 401: 'failed', 429: 'refused' }

/** Counts a response just before it is sent. */
export function countResponse(c: Context<Env>, route: string, took_s: number): void {
  const [metrics, problem] = [c.get('metrics'), c.get('problem')]
  const method = httpMethods.find((one) => one === c.req.method) ?? 'other'
  metrics.observe('http_request_duration_seconds', { method, route, status: String(c.res.status) }, took_s)
  const call = `${method} ${route}`
  const promise = promised[call]
  if (promise && wasWorkedOn(c)) promise(metrics, took_s, c)
  // The first half of a sign-in with a second factor is no outcome.
  const is_sign_in = call === 'POST /v1/sessions' && problem !== 'second_factor_required'
  const sign_in = is_sign_in && outcomeOfSignIn[c.res.status]
  if (sign_in) metrics.add('sign_ins_total', { outcome: sign_in })
  if (problem === 'insufficient_stock' || problem === 'item_reserved') metrics.add('etsy_inventory_conflicts_total', {})
}

/**
 * Whether the call did its work. A replay, or a call refused for its token, form, rate or key, takes a millisecond. Such calls
 * would make the others look fast.
 */
function wasWorkedOn(c: Context<Env>): boolean {
  const { res } = c
  const was_let_in = ![400, 401, 413, 415, 422, 429].includes(res.status) && c.get('problem') !== 'idempotency_in_progress'
  return was_let_in && !res.headers.has('Idempotency-Replayed')
}

function filtersOf(query: Record<string, string>): (typeof searchFilters)[number] {
  const used = [
    'category' in query && 'category',
    ('price_min' in query || 'price_max' in query) && 'price',
    'is_vintage' in query && 'vintage',
    'option' in query && 'option',
    'ships_to' in query && 'ships_to',
  ]
  const names = used.filter(Boolean).join()
  return searchFilters.find((one) => one === names) ?? 'none'
}
