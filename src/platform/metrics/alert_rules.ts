/**
 * The promises of the service as Prometheus rules, `ops/prometheus/rules.yml`. The rules watch how fast each promise uses up its
 * error budget, over a long and a short window: https://sre.google/workbook/alerting-on-slos/ ("multiwindow, multi-burn-rate").
 */
import type { MetricName } from './declarations.ts'

/** A promise: at most the fraction `budget` of all calls fails it. */
type Promised = {
  alert: string
  slo: string
  budget: number
  /** The failure, in words for the operator who is alerted. */
  summary: string
  /** The calls a second that failed, and all calls a second, over `window`. */
  bad: (window: string) => string
  all: (window: string) => string
}

/** The reading calls of a visitor, as route templates of the API. */
export const browseRoutes = [
  '/v1/search',
  '/v1/search/suggest',
  '/v1/products/:id',
  '/v1/shops/:id',
  '/v1/shops/:id/products',
  '/v1/shops/:id/reviews',
  '/v1/categories',
  '/v1/trending',
]
export const checkoutRoutes = ['/v1/checkout']

const requests: MetricName = 'http_request_duration_seconds'
const search: MetricName = 'etsy_search_latency_seconds'
const checkout: MetricName = 'etsy_checkout_latency_seconds'

const failing = (method: string, routes: string[]): Pick<Promised, 'bad' | 'all'> => {
  const which = `method="${method}",route=~"${routes.join('|')}"`
  return {
    bad: (window) => `sum(rate(${requests}_count{${which},status=~"5.."}[${window}])) or vector(0)`,
    all: (window) => `sum(rate(${requests}_count{${which}}[${window}]))`,
  }
}

const slow = (metric: MetricName, limit_s: string): Pick<Promised, 'bad' | 'all'> => ({
  bad: (window) => `sum(rate(${metric}_count[${window}])) - sum(rate(${metric}_bucket{le="${limit_s}"}[${window}]))`,
  all: (window) => `sum(rate(${metric}_count[${window}]))`,
})

const promises: Promised[] = [
  {
    alert: 'BrowsingFails',
    slo: 'browse',
    budget: 0.001,
    summary: 'Searching and browsing fail more often than the promised 0.1 %',
    ...failing('GET', browseRoutes),
  },
  {
    alert: 'CheckoutFails',
    slo: 'checkout',
    budget: 0.0005,
    summary: 'Checkouts fail more often than the promised 0.05 %',
    ...failing('POST', checkoutRoutes),
  },
  {
    alert: 'SearchIsSlow',
    slo: 'search_latency',
    budget: 0.05,
    summary: 'More than 5 % of searches take longer than 200 ms',
    ...slow(search, '0.2'),
  },
  {
    alert: 'CheckoutIsSlow',
    slo: 'checkout_latency',
    budget: 0.01,
    summary: 'More than 1 % of checkouts take longer than 500 ms',
    ...slow(checkout, '0.5'),
  },
]

/** An alert fires if, over both windows, the budget burns this many times faster than at a month's pace. */
const burns = [
  { factor: 14.4, long: '1h', short: '5m', severity: 'page' },
  { factor: 6, long: '6h', short: '30m', severity: 'page' },
  { factor: 3, long: '1d', short: '2h', severity: 'ticket' },
  { factor: 1, long: '3d', short: '6h', severity: 'ticket' },
] as const

const windows = [...new Set(burns.flatMap(({ short, long }) => [short, long]))]

type Symptom = { alert: string; expr: string; for: string; severity: 'page' | 'ticket'; summary: string }

/** The sign-ins a second that succeeded (=) or did not (!=). */
const signIns = (is: '=' | '!=') => `sum(rate(${'sign_ins_total' satisfies MetricName}{outcome${is}"succeeded"}[10m]))`

/** Alerts about causes, which can fire before a promise is broken. */
const symptoms: Symptom[] = [
  {
    alert: 'ProcessIsDown',
    expr: 'up{job="stallwright"} == 0',
    for: '2m',
    severity: 'page',
    summary: '{{ $labels.instance }} does not respond at /metrics',
  },
  {
    alert: 'NothingIsMeasured',
    expr: `absent(${'db_pool_waiting' satisfies MetricName}{pool="api"})`,
    for: '5m',
    severity: 'page',
    summary: 'Prometheus reaches no process, so no other alert can fire',
  },
  {
    alert: 'PoolIsExhausted',
    expr: `min_over_time(${'db_pool_waiting' satisfies MetricName}{pool="api"}[2m]) > 0`,
    for: '3m',
    severity: 'page',
    summary: 'Calls always wait for connections to PostgreSQL',
  },
  {
    alert: 'PaymentsAreAway',
    expr: `max(${'circuit_breaker_state' satisfies MetricName}{breaker="payments",state="open"}) == 1`,
    for: '2m',
    severity: 'page',
    summary: 'The payment provider fails, and checkouts return 503',
  },
  {
    alert: 'RedisIsAway',
    expr: `max(${'circuit_breaker_state' satisfies MetricName}{breaker="redis",state="open"}) == 1`,
    for: '5m',
    severity: 'ticket',
    summary: 'Redis fails: PostgreSQL serves all reads',
  },
  {
    alert: 'ReplicaIsNotRead',
    expr: `max(${'replica_lag_seconds' satisfies MetricName}) > 2`,
    for: '5m',
    severity: 'ticket',
    summary: 'The replica lags or is down: the primary serves its reads',
  },
  {
    alert: 'SearchEngineIsAway',
    expr: `max(${'circuit_breaker_state' satisfies MetricName}{breaker="elasticsearch",state="open"}) == 1`,
    for: '5m',
    severity: 'ticket',
    summary: 'Elasticsearch fails: PostgreSQL runs the searches',
  },
  {
    alert: 'SignInsFail',
    expr: `${signIns('!=')} > 0.5 and ${signIns('!=')} > ${signIns('=')}`,
    for: '5m',
    severity: 'ticket',
    summary: 'More sign-ins fail than succeed, more than one in two seconds: possibly an attack on passwords',
  },
  {
    alert: 'JobsDie',
    expr: `sum by (queue) (increase(${'jobs_total' satisfies MetricName}{outcome="dead"}[15m])) > 0`,
    for: '0m',
    severity: 'ticket',
    summary: 'A job of {{ $labels.queue }} failed for good and is in dead_letters',
  },
  {
    alert: 'RefundsFail',
    expr: `max(${'failed_refunds' satisfies MetricName}) > 0`,
    for: '1h',
    severity: 'ticket',
    summary: 'A refund failed at the payment provider, and its seller has not made it again: the buyer is owed the money',
  },
  {
    alert: 'PaymentsAreDisputed',
    expr: `max(${'open_disputes' satisfies MetricName}) > 0`,
    for: '5m',
    severity: 'ticket',
    summary: 'A buyer disputes a payment at the bank, which waits for evidence',
  },
  {
    alert: 'LedgerDisagrees',
    expr: `max(${'ledger_faults' satisfies MetricName}) > 0`,
    for: '0m',
    severity: 'page',
    summary: 'The ledger does not add up: stop payouts until it does',
  },
  {
    alert: 'ProviderBooksDiffer',
    expr: `max(${'provider_book_differences' satisfies MetricName}) > 0`,
    for: '0m',
    severity: 'page',
    summary: 'The payout provider moved other money than the ledger says: stop payouts until it is explained',
  },
  {
    alert: 'PayoutsAreStuck',
    expr: `max(${'stuck_payouts' satisfies MetricName}) > 0`,
    for: '15m',
    severity: 'ticket',
    summary: 'A payout should have reached its shop, and has not',
  },
  {
    alert: 'PayoutsFail',
    expr: `max(${'failing_shops' satisfies MetricName}) > 0`,
    for: '15m',
    severity: 'ticket',
    summary: 'The last two payouts of a shop failed: the provider refuses its money for good',
  },
  {
    alert: 'PayoutsAreUnknown',
    expr: `max(${'unknown_payouts' satisfies MetricName}) > 0`,
    for: '1h',
    severity: 'ticket',
    summary: 'The provider does not say whether it sent a payout: its money stays in transit',
  },
  {
    alert: 'EarningsAreOverdue',
    expr: `max(${'overdue_earnings' satisfies MetricName}) > 0`,
    for: '2h',
    severity: 'ticket',
    summary: 'Earnings of shipped orders stay pending for a day too long: release_earnings does not run or fails',
  },
  {
    alert: 'JobsStandStill',
    expr: `sum(increase(${'jobs_total' satisfies MetricName}{queue="reconcile_payments",outcome="completed"}[15m])) == 0`,
    for: '5m',
    severity: 'page',
    summary: 'No worker has run reconcile_payments for 15 minutes, which runs every minute',
  },
  {
    alert: 'EventLoopIsBlocked',
    expr: 'nodejs_eventloop_lag_p99_seconds > 0.2',
    for: '10m',
    severity: 'ticket',
    summary: '{{ $labels.instance }} has more work than one process can do',
  },
]

/** The name of every alert. */
export const alertNames = [...promises, ...symptoms].map(({ alert }) => alert)

/** Returns the file for Prometheus. */
export function renderRules(): string {
  return [
    '# Written by src/platform/metrics/alert_rules.ts: UPDATE_DOCS=1 bun run test src/platform/metrics/alert_rules.test.ts',
    'groups:',
    '  - name: stallwright_promises',
    '    interval: 30s',
    '    rules:',
    ...promises.flatMap(renderRatios),
    ...promises.flatMap((promised) => (['page', 'ticket'] as const).map((severity) => renderBurn(promised, severity))),
    '  - name: stallwright_symptoms',
    '    rules:',
    ...symptoms.map(renderAlert),
    '',
  ].join('\n')
}

const ratioName = (window: string) => `slo:bad:ratio_rate${window}`

/** Without traffic a ratio is NaN, which never fires. */
function renderRatios(promised: Promised): string[] {
  const { slo } = promised
  return windows.map((window) =>
    [
      `      - record: ${ratioName(window)}`,
      `        labels: { slo: ${slo} }`,
      `        expr: (${promised.bad(window)}) / (${promised.all(window)})`,
    ].join('\n'),
  )
}

function renderBurn({ alert, slo, budget, summary }: Promised, severity: 'page' | 'ticket'): string {
  const over = (window: string, factor: number) => `${ratioName(window)}{slo="${slo}"} > ${factor} * ${budget}`
  const conditions = burns
    .filter((burn) => burn.severity === severity)
    .map(({ factor, long, short }) => `(${over(long, factor)} and ${over(short, factor)})`)
  return renderAlert({ alert, expr: conditions.join(' or '), for: severity === 'page' ? '2m' : '15m', severity, summary })
}

function renderAlert({ alert, expr, for: held, severity, summary }: Symptom): string {
  return [
    `      - alert: ${alert}`,
    `        expr: '${expr}'`,
    `        for: ${held}`,
    `        labels: { severity: ${severity} }`,
    '        annotations:',
    `          summary: '${summary}'`,
    `          runbook: docs/ALERTS.md#${alert.toLowerCase()}`,
  ].join('\n')
}
