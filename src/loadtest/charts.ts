import * as echarts from 'echarts'

/** One line of a chart. */
export type Line = { name: string; points: [x: number, y: number][] }
export type Chart = {
  /** Says the unit of the y axis. */
  title: string
  x: string
  lines: Line[]
  /** Drawn across, where a promise ends. */
  limit?: number
  /** Of the y axis, for what spans several powers of ten. */
  logarithmic?: boolean
}

const WIDTH = 760
const HEIGHT = 280

/** A chart as SVG, readable on light and dark pages alike. */
export function drawChart({ title, x, lines, limit, logarithmic = false }: Chart): string {
  // Without a page there is no element to draw into.
  const chart = echarts.init(null as unknown as HTMLElement, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 8, top: 4, textStyle: { fontSize: 14 } },
    legend: { top: 28, left: 8, itemHeight: 8, icon: 'rect' },
    grid: { left: 64, right: 24, top: 64, bottom: 40 },
    xAxis: { type: 'value', name: x, nameLocation: 'middle', nameGap: 24, max: ({ max }: { max: number }) => Math.ceil(max) },
    yAxis: { type: logarithmic ? 'log' : 'value', min: logarithmic ? undefined : 0 },
    series: lines.map(({ name, points }, place) => ({
      name,
      type: 'line',
      data: points,
      showSymbol: points.length < 40,
      symbolSize: 5,
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
