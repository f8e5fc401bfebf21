/**
 * Every metric of the service, in one place: `/metrics`, docs/METRICS.md and what draws dashboards are made from this.
 * What begins with etsy_ are the names that dashboards of such marketplaces know; they keep their labels and buckets.
 */
import { type QueueName, queues } from '../jobs/queues.ts'

/** The values of a label; or, where nobody can list them, what they are and how many at most: one more becomes `_other`. */
type LabelValues = readonly string[] | { readonly of: string; readonly max: number }

type Common = { readonly help: string; readonly labels: Readonly<Record<string, LabelValues>> }

/** `buckets` are upper bounds, inclusive, in the unit of the metric's name. */
export type Declaration =
  | (Common & { readonly type: 'counter' | 'gauge' })
  | (Common & { readonly type: 'histogram'; readonly buckets: readonly number[] })

/** What the cache keeps, by kind. */
const cacheTypes = ['product', 'shop', 'cart', 'search', 'trending', 'shop_products'] as const
/** Which filters a search narrows by, sorted; the words, the order and the page are none. */
export const searchFilters = [
  'none',
  'category',
  'price',
  'vintage',
  'category,price',
  'category,vintage',
  'price,vintage',
  'category,price,vintage',
] as const
export const signInOutcomes = ['succeeded', 'failed', 'refused'] as const
export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] as const

const queue = Object.keys(queues) as QueueName[]
const pool = ['api', 'auth', 'jobs', 'relay', 'index', 'reads'] as const

export const declarations = {
  etsy_orders_total: {
    type: 'counter',
    help: 'Orders that reached a status, each order and status once.',
    labels: { status: ['pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'] },
  },
  etsy_order_value_dollars: {
    type: 'histogram',
    help: 'Totals of orders when they were paid, shipping included, in US dollars.',
    labels: {},
    buckets: [10, 25, 50, 100, 250, 500],
  },
  etsy_product_views_total: {
    type: 'counter',
    help: 'Product pages read.',
    labels: { category: { of: 'the slug of the top-level category, or none', max: 50 } },
  },
  etsy_search_latency_seconds: {
    type: 'histogram',
    help: 'Time from a search to its answer.',
    labels: { filters: searchFilters },
    buckets: [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 1],
  },
  etsy_checkout_latency_seconds: {
    type: 'histogram',
    help: 'Time from a checkout to its answer, the payment included; replays are none.',
    labels: {},
    buckets: [0.1, 0.2, 0.3, 0.5, 1, 2],
  },
  etsy_cache_hits_total: {
    type: 'counter',
    help: 'Answers that the cache had, whichever layer of it.',
    labels: { type: cacheTypes },
  },
  etsy_cache_misses_total: {
    type: 'counter',
    help: 'Answers that the cache did not have.',
    labels: { type: cacheTypes },
  },
  etsy_reservations_created_total: {
    type: 'counter',
    help: 'New holds; adding an item again that one holds already is none.',
    labels: {},
  },
  etsy_reservations_expired_total: {
    type: 'counter',
    help: 'Lapsed holds that expire_reservations has deleted.',
    labels: {},
  },
  etsy_inventory_conflicts_total: {
    type: 'counter',
    help: 'Refusals for lack of stock or for the hold of another buyer (409 insufficient_stock, item_reserved).',
    labels: {},
  },
  sign_ins_total: {
    type: 'counter',
    help: 'Sign-ins: succeeded, failed for a wrong password or an unknown e-mail, or refused because too many failed before.',
    labels: { outcome: signInOutcomes },
  },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from a request to its answer.',
    labels: {
      method: httpMethods,
      route: { of: 'the path as it is declared, such as /v1/products/:id', max: 200 },
      status: { of: 'the status code', max: 40 },
    },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5],
  },
  http_requests_in_flight: {
    type: 'gauge',
    help: 'Requests that are being answered, the one that reads this among them.',
    labels: {},
  },
  db_pool_connections_max: {
    type: 'gauge',
    help: 'How many connections to PostgreSQL a pool may have.',
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
    help: 'Attempts of jobs: completed, failed and to be retried, or dead (failed for good, see dead_letters).',
    labels: { queue, outcome: ['completed', 'retried', 'dead'] },
  },
  job_duration_seconds: {
    type: 'histogram',
    help: 'Time that an attempt of a job takes, however it ends.',
    labels: { queue },
    buckets: [0.01, 0.1, 0.5, 1, 5, 30, 300],
  },
  circuit_breaker_state: {
    type: 'gauge',
    help: '1 for the state that a circuit breaker is in, 0 for the others.',
    labels: { breaker: ['payments', 'redis', 'elasticsearch'], state: ['closed', 'half_open', 'open'] },
  },
  search_index_lag_seconds: {
    type: 'gauge',
    help: 'How old the oldest change is that Elasticsearch does not know; not there without Elasticsearch.',
    labels: {},
  },
  replica_lag_seconds: {
    type: 'gauge',
    help: 'How old what the replica shows may be, +Inf while it is not used; not there without READ_DATABASE_URL.',
    labels: {},
  },
  replica_reads_total: {
    type: 'counter',
    help: 'Statements that a replica could answer, and who did.',
    labels: { by: ['replica', 'primary'] },
  },
  stallwright_build_info: {
    type: 'gauge',
    help: 'Always 1; the labels say what runs.',
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
