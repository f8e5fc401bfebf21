/**
 * The Grafana dashboard, `ops/grafana/dashboards/stallwright.json`: one panel for each declared metric, drawn by its type and
 * unit.
 */
import { type Declaration, declarations } from './declarations.ts'
import { processMetrics } from './process_metrics.ts'

type Target = { expr: string; legendFormat: string }
type Panel = { title: string; description: string; unit: string; targets: Target[] }
type Placed = Panel & { x: number; y: number }

/** Grafana's grid is 24 wide. */
const COLUMNS = 3
const WIDTH = 24 / COLUMNS
const HEIGHT = 8
const ROW_HEIGHT = 1
/** Metrics shown per process, because a sum would hide the facts. */
const PER_PROCESS = [
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_cpu_seconds_total',
  'nodejs_eventloop_lag_p99_seconds',
]

/** The rows of the dashboard, by the prefixes of their metrics' names. The last row takes the rest. */
const rows: { title: string; begins: string[] }[] = [
  { title: 'Selling', begins: ['etsy_orders', 'etsy_order_value', 'etsy_checkout', 'etsy_reservations', 'etsy_inventory'] },
  { title: 'Looking', begins: ['etsy_'] },
  { title: 'HTTP', begins: ['http_', 'sign_ins'] },
  { title: 'Stores and jobs', begins: [''] },
]

/** Returns the dashboard in the form that Grafana imports. */
export function renderDashboard(): string {
  const left = new Map(Object.entries<Declaration>(declarations))
  const panels: object[] = []
  let y = 0
  const addRow = (title: string, members: Panel[]) => {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: 24, h: ROW_HEIGHT },
    })
    y += ROW_HEIGHT
    for (const [index, panel] of members.entries()) {
      const place = { ...panel, x: (index % COLUMNS) * WIDTH, y: y + Math.floor(index / COLUMNS) * HEIGHT }
      panels.push(renderPanel(panels.length + 1, place))
    }
    y += Math.ceil(members.length / COLUMNS) * HEIGHT
  }
  addRow('Promises', promisePanels())
  for (const { title, begins } of rows) {
    const names = [...left.keys()].filter((name) => begins.some((start) => name.startsWith(start)))
    addRow(
      title,
      names.map((name) => metricPanel(name, left.get(name) as Declaration)),
    )
    for (const name of names) left.delete(name)
  }
  addRow('Processes', PER_PROCESS.map(processPanel))
  return `${JSON.stringify({ ...frame(), panels }, null, 2)}\n`
}

function frame(): object {
  return {
    uid: 'stallwright',
    title: 'Stallwright',
    tags: ['stallwright'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [{ name: 'source', label: 'Prometheus', type: 'datasource', query: 'prometheus', current: {}, hide: 0 }],
    },
    annotations: { list: [] },
  }
}

function renderPanel(id: number, { title, description, unit, targets, x, y }: Placed): object {
  const datasource = { type: 'prometheus', uid: '$source' }
  return {
    id,
    type: 'timeseries',
    title,
    description,
    datasource,
    gridPos: { x, y, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: targets.map((target, index) => ({ refId: String.fromCharCode(65 + index), datasource, ...target })),
  }
}

function promisePanels(): Panel[] {
  const ratio = (window: string) => ({ expr: `slo:bad:ratio_rate${window}`, legendFormat: '{{slo}}' })
  return [
    {
      title: 'Bad in 5 minutes',
      description: 'What broke a promise, as a fraction of all.',
      unit: 'percentunit',
      targets: [ratio('5m')],
    },
    {
      title: 'Bad in 6 hours',
      description: 'What broke a promise, as a fraction of all.',
      unit: 'percentunit',
      targets: [ratio('6h')],
    },
    {
      title: 'Bad in 3 days',
      description: 'What broke a promise, as a fraction of all.',
      unit: 'percentunit',
      targets: [ratio('3d')],
    },
  ]
}

function metricPanel(name: string, declaration: Declaration): Panel {
  const by = Object.keys(declaration.labels)
  const common = { title: name, description: declaration.help }
  if (declaration.type === 'histogram') return { ...common, unit: unitOf(name), targets: quantiles(name, by) }
  const legendFormat = by.map((label) => `{{${label}}}`).join(' ') || 'all'
  const grouped = by.length > 0 ? ` by (${by.join(', ')})` : ''
  return declaration.type === 'counter'
    ? { ...common, unit: 'ops', targets: [{ expr: `sum${grouped} (rate(${name}[$__rate_interval]))`, legendFormat }] }
    : { ...common, unit: unitOf(name), targets: [{ expr: `sum${grouped} (${name})`, legendFormat }] }
}

/** Returns the median and the 95th and 99th percentile. For metrics with a route, the ten slowest routes. */
function quantiles(name: string, labels: string[]): Target[] {
  const quantile = (q: number, by: string) => `histogram_quantile(${q}, sum by (${by}) (rate(${name}_bucket[$__rate_interval])))`
  if (labels.includes('route')) return [{ expr: `topk(10, ${quantile(0.95, 'le, route')})`, legendFormat: 'p95 {{route}}' }]
  return [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, 'le'), legendFormat: `p${q * 100}` }))
}

function processPanel(name: string): Panel {
  const description = processMetrics[name as keyof typeof processMetrics]
  const expr = name.endsWith('_total') ? `rate(${name}[$__rate_interval])` : name
  return { title: name, description, unit: unitOf(name), targets: [{ expr, legendFormat: '{{instance}}' }] }
}

/** Returns Grafana's name for the unit at the end of a metric's name. */
function unitOf(name: string): string {
  if (/_cpu_seconds_total$/.test(name)) return 'percentunit'
  if (name.endsWith('_seconds')) return 's'
  if (name.endsWith('_bytes')) return 'bytes'
  return name.endsWith('_dollars') ? 'currencyUSD' : 'short'
}
