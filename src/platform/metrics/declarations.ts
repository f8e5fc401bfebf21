/**
 * Every metric of the service. `/metrics`, docs/METRICS.md, the dashboard and the alert rules come from these declarations.
 * The public contract fixes the names, labels and buckets of the etsy_ metrics.
 */
import { type QueueName, queues } from '../jobs/queues.ts'

/** The known label values, or a description and a maximum. Values beyond the maximum become `_other`. */
type LabelValues = readonly string[] | { readonly of: string; readonly max: number }

type Common = { readonly help: string; readonly labels: Readonly<Record<string, LabelValues>> }

/** `buckets` are upper bounds, inclusive, in the unit of the metric's name. */
export type Declaration =
  | (Common & { readonly type: 'counter' | 'gauge' })
  | (Common & { readonly type: 'histogram'; readonly buckets: readonly number[] })

/** The kinds of cached values. */
const cacheTypes = ['product', 'shop', 'cart', 'search', 'trending', 'shop_products'] as const
/** The filters of a search, sorted. Words, order and page do not count as filters. */
const oldestSearchFilters = [
  'category',
  'price',
  'vintage',
  'category,price',
  'category,vintage',
  'price,vintage',
  'category,price,vintage',
] as const
const newestSearchFilters = ['option', 'ships_to', 'option,ships_to'] as const
export const searchFilters = [
  'none',
  ...oldestSearchFilters,
  ...newestSearchFilters,
  ...oldestSearchFilters.flatMap((old) => newestSearchFilters.map((one) => `${old},${one}` as const)),
] as const
export const signInOutcomes = ['succeeded', 'failed', 'refused'] as const
export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] as const

const queue = Object.keys(queues) as QueueName[]
const pool = ['api', 'auth', 'jobs', 'relay', 'index', 'reads'] as const

export const declarations = {
  etsy_orders_total: {
    type: 'counter',
    help: 'Moves of orders to a status, each once. A failed refund moves its order back.',
    labels: { status: ['pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'] },
  },
  etsy_order_value_dollars: {
    type: 'histogram',
    help: 'Totals of paid orders with shipping, in US dollars, observed at payment.',
    labels: {},
    buckets: [10, 25, 50, 100, 250, 500],
  },
  etsy_product_views_total: {
    type: 'counter',
    help: 'Reads of product pages.',
    labels: { category: { of: 'the slug of the top-level category, or none', max: 50 } },
  },
  etsy_search_latency_seconds: {
    type: 'histogram',
    help: 'Time from a search to its response.',
    labels: { filters: searchFilters },
    buckets: [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 1],
  },
  etsy_checkout_latency_seconds: {
    type: 'histogram',
    help: 'Time from a checkout to its response, with the payment, without replays.',
    labels: {},
    buckets: [0.1, 0.2, 0.3, 0.5, 1, 2],
  },
  etsy_cache_hits_total: {
    type: 'counter',
    help: 'Responses from the cache, from any layer.',
    labels: { type: cacheTypes },
  },
  etsy_cache_misses_total: {
    type: 'counter',
    help: 'Responses that were not in the cache.',
    labels: { type: cacheTypes },
  },
  etsy_reservations_created_total: {
    type: 'counter',
    help: 'New holds. Adding a held item again is not a new hold.',
    labels: {},
  },
  etsy_reservations_expired_total: {
    type: 'counter',
    help: 'Lapsed holds that expire_reservations deleted.',
    labels: {},
  },
  etsy_inventory_conflicts_total: {
    type: 'counter',
    help: 'Responses 409 for missing stock or for the hold of another buyer (insufficient_stock, item_reserved).',
    labels: {},
  },
  sign_ins_total: {
    type: 'counter',
    help: 'Sign-ins: succeeded, failed (wrong password or unknown e-mail), or refused after too many failures.',
    labels: { outcome: signInOutcomes },
  },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from a request to its response.',
    labels: {
      method: httpMethods,
      route: { of: 'the path as it is declared, such as /v1/products/:id', max: 200 },
      status: { of: 'the status code', max: 40 },
    },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5],
  },
  http_requests_in_flight: {
    type: 'gauge',
    help: 'Requests in progress, including the scrape itself.',
    labels: {},
  },
  db_pool_connections_max: {
    type: 'gauge',
    help: 'The maximum of connections of a pool to PostgreSQL.',
    labels: { pool },
  },
  db_pool_connections_in_use: {
    type: 'gauge',
    help: 'Connections of a pool that run a statement or hold a transaction.',
    labels: { pool },
  },
  db_pool_waiting: {
    type: 'gauge',
    help: 'Statements and transactions that wait for a connection of a pool.',
    labels: { pool },
  },
  jobs_total: {
    type: 'counter',
    help: 'Attempts of jobs: completed, retried (failed, will run again), or dead (failed for good, see dead_letters).',
    labels: { queue, outcome: ['completed', 'retried', 'dead'] },
  },
  job_duration_seconds: {
    type: 'histogram',
    help: 'Duration of an attempt of a job, with any outcome.',
    labels: { queue },
    buckets: [0.01, 0.1, 0.5, 1, 5, 30, 300],
  },
  failed_refunds: {
    type: 'gauge',
    help: 'Orders and late charges whose refund failed at the provider and was not made again. Workers alone count them.',
    labels: {},
  },
  open_disputes: {
    type: 'gauge',
    help: 'Payments that a buyer disputes at the bank now. Workers alone count them.',
    labels: {},
  },
  stuck_payouts: {
    type: 'gauge',
    help: 'Payouts that should have moved on, or have a problem: db/ops/stuck_payouts.sql. Workers alone count them.',
    labels: {},
  },
  failing_shops: {
    type: 'gauge',
    help: 'Shops whose last two payouts failed. Workers alone count them.',
    labels: {},
  },
  unknown_payouts: {
    type: 'gauge',
    help: 'Payouts whose provider has not answered clearly. Workers alone count them.',
    labels: {},
  },
  overdue_earnings: {
    type: 'gauge',
    help: 'Orders whose earnings have been due for more than a day, but are pending. Workers alone count them.',
    labels: {},
  },
  ledger_faults: {
    type: 'gauge',
    help: 'Rows of db/ops/ledger_equation.sql, counted every six hours by one worker.',
    labels: {},
  },
  provider_book_differences: {
    type: 'gauge',
    help: 'Transfers and payouts unlike the books of the provider, compared daily by one worker. 0 without such books.',
    labels: {},
  },
  circuit_breaker_state: {
    type: 'gauge',
    help: '1 for the current state of a circuit breaker, 0 for the others.',
    labels: { breaker: ['payments', 'redis', 'elasticsearch'], state: ['closed', 'half_open', 'open'] },
  },
  search_index_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest change that Elasticsearch has not received. Missing without Elasticsearch.',
    labels: {},
  },
  replica_lag_seconds: {
    type: 'gauge',
    help: 'Maximum age of the replica, +Inf while it is not used. Missing without READ_DATABASE_URL.',
    labels: {},
  },
  replica_reads_total: {
    type: 'counter',
    help: 'Statements for the replica, by the server that ran them.',
    labels: { by: ['replica', 'primary'] },
  },
  stallwright_build_info: {
    type: 'gauge',
    help: 'Always 1. The labels are the version and the runtime.',
    labels: { version: { of: "the service's version", max: 1 }, runtime: { of: 'Bun, Deno or Node, and its version', max: 1 } },
  },
} as const satisfies Record<string, Declaration>

export type MetricName = keyof typeof declarations

type Named<T extends Declaration['type']> = {
  [N in MetricName]: (typeof declarations)[N] extends { type: T } ? N : never
}[MetricName]
export type CounterName = Named<'counter'>
export type HistogramName = Named<'histogram'>
export type GaugeName = Named<'gauge'>

/** A value for each label of a metric. */
export type LabelsOf<N extends MetricName> = {
  [L in keyof (typeof declarations)[N]['labels']]: (typeof declarations)[N]['labels'][L] extends readonly (infer V)[] ? V : string
}
