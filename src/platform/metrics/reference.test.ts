import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'
import { renderReference } from './reference.ts'

const FILE = join(projectRoot, 'docs', 'METRICS.md')
const BEGINS =
  '<!-- From here on written by the declarations: UPDATE_DOCS=1 bun run test src/platform/metrics/reference.test.ts -->\n'

test('docs/METRICS.md lists the declarations', () => {
  const [written = '', reference] = readFileSync(FILE, 'utf8').split(BEGINS)
  const rendered = `\n${renderReference()}`
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, `${written}${BEGINS}${rendered}`)
  else expect(reference).toBe(rendered)
})
