import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapi from '../../../docs/openapi.json'
import { runToEnd } from '../../../test/support/commands.ts'
import { findProgram, requires } from '../../../test/support/requirements.ts'
import { projectRoot } from '../project.ts'
import { alertNames, browseRoutes, checkoutRoutes, renderRules } from './alert_rules.ts'

const FOLDER = join(projectRoot, 'ops', 'prometheus')

// `UPDATE_DOCS=1 bun run test src/platform/metrics/alert_rules.test.ts` writes the file.
test('ops/prometheus/rules.yml matches the objectives', () => {
  const file = join(FOLDER, 'rules.yml')
  if (process.env.UPDATE_DOCS) writeFileSync(file, renderRules())
  expect(readFileSync(file, 'utf8')).toBe(renderRules())
})

test('they name existing routes', () => {
  const routes = Object.keys(openapi.paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'))
  for (const route of [...browseRoutes, ...checkoutRoutes]) expect(routes).toContain(route)
})

test('docs/ALERTS.md says what to do for each alert, and for no other', () => {
  const sections = [...readFileSync(join(projectRoot, 'docs', 'ALERTS.md'), 'utf8').matchAll(/^### (\w+)$/gm)].map(
    ([, name]) => name,
  )
  expect(sections).toEqual(alertNames)
})

if (requires('promtool'))
  test.each<string[]>([
    ['check', 'config', 'prometheus.yml'],
    ['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yml'],
    ['test', 'rules', 'rules.test.yml'],
    ['test', 'rules', 'rules_days.test.yml'],
  ])('promtool %s %s', async (...command: string[]) => {
    const { code, output, errors } = await runToEnd([findProgram('promtool') as string, ...command], { folder: FOLDER })
    expect({ code, said: output + errors }).toEqual({ code: 0, said: expect.stringContaining('SUCCESS') })
  })
