import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'
import { renderDashboard } from './dashboard.ts'
import { declarations } from './declarations.ts'
import { processMetrics } from './process_metrics.ts'

type Dashboard = {
  panels: {
    id: number
    type: string
    title: string
    gridPos: { x: number; y: number; w: number; h: number }
    targets?: { expr: string }[]
  }[]
}

const FILE = join(projectRoot, 'ops', 'grafana', 'dashboards', 'stallwright.json')
const { panels } = JSON.parse(renderDashboard()) as Dashboard

// `UPDATE_DOCS=1 bun run test src/platform/metrics/dashboard.test.ts` writes the file.
test('ops/grafana/dashboards/stallwright.json matches the declarations', () => {
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, renderDashboard())
  expect(readFileSync(FILE, 'utf8')).toBe(renderDashboard())
})

test('every declared metric has one panel, and each panel queries existing series', () => {
  const titles = panels.map(({ title }) => title)
  for (const name of Object.keys(declarations)) expect(titles.filter((title) => title === name)).toEqual([name])
  const known = [...Object.keys(declarations), ...Object.keys(processMetrics)]
  for (const { targets = [] } of panels)
    for (const { expr } of targets) {
      // A bracket, or a space and a bracket, follows a function of PromQL. The words of a grouping are labels.
      const names = expr.replaceAll(/ by \([^)]*\)/g, '').match(/[a-z][\w:]{3,}(?=[[)]| \)|$)/g) ?? []
      const unknown = names.filter((name) => !name.startsWith('slo:') && !known.includes(name.replace(/_bucket$/, '')))
      expect({ expr, names: names.length, unknown }).toEqual({ expr, names: 1, unknown: [] })
    }
})

test('no panels overlap, and each has its own id', () => {
  const cells = new Set<string>()
  for (const { gridPos, title } of panels)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect({ title, taken: cells.has(`${x} ${y}`) }).toEqual({ title, taken: false })
        cells.add(`${x} ${y}`)
      }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
})
