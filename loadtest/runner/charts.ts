import * as echarts from 'echarts'

/** One line of a chart. It has a gap at each point with a null y. */
export type Line = { name: string; points: [x: number, y: number | null][] }
export type Chart = {
  /** Contains the unit of the y axis. */
  title: string
  x: string
  lines: Line[]
  /** The limit of a promise, drawn as a horizontal line. */
  limit?: number
  /** Makes the y axis logarithmic, for values over several powers of ten. */
  logarithmic?: boolean
}

const WIDTH = 520
const HEIGHT = 260
/** The space between the entries of a legend. Without a page echarts cannot measure text, and its estimate is too small. */
const LEGEND_GAP = 36

/** Returns a chart as SVG with a white background, which is readable on light and dark pages. */
export function drawChart({ title, x, lines, limit, logarithmic = false }: Chart): string {
  // There is no page, so there is no element to draw into.
  const chart = echarts.init(null as unknown as HTMLElement, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 8, top: 4, textStyle: { fontSize: 14 } },
    legend: { top: 28, left: 8, itemWidth: 14, itemHeight: 8, itemGap: LEGEND_GAP, icon: 'rect' },
    grid: { left: 56, right: 24, top: 64, bottom: 40 },
    xAxis: { type: 'value', name: x, nameLocation: 'middle', nameGap: 24, max: ({ max }: { max: number }) => Math.ceil(max) },
    yAxis: { type: logarithmic ? 'log' : 'value', min: logarithmic ? undefined : 0 },
    series: lines.map(({ name, points }, place) => ({
      name,
      type: 'line',
      data: points,
      // A point between two gaps makes no line, so lines with gaps show their points.
      showSymbol: points.length < 40 || points.some(([, y]) => y === null),
      symbol: 'circle',
      symbolSize: 5,
      connectNulls: false,
      ...(place === 0 && limit !== undefined && { markLine: lineAt(limit) }),
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

function lineAt(limit: number) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: '#c0392b', type: 'dashed' },
    label: { formatter: `promise: ${limit}`, position: 'insideStartTop' },
    data: [{ yAxis: limit }],
  }
}
