import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'

const page = readFileSync(join(projectRoot, 'docs', 'SECURITY.md'), 'utf8')
const risks = page.split(/^## (?=API\d)/m).slice(1)
const proofsIn = (text: string) =>
  [...text.matchAll(/^- `([^`]+)`: (.+)$/gm)].map(([, file = '', title = '']) => ({ file, title }))

test('docs/SECURITY.md has a proof of each of the ten risks', () => {
  expect(risks.map((risk) => /^API\d+/.exec(risk)?.[0])).toEqual(Array.from({ length: 10 }, (_, n) => `API${n + 1}`))
  for (const risk of risks) expect([risk.split('\n')[0], proofsIn(risk).length > 0]).toEqual([risk.split('\n')[0], true])
})

test.each(proofsIn(page).map(({ file, title }) => [file, title]))('%s has %j', (file, title) => {
  const source = existsSync(join(projectRoot, file)) ? readFileSync(join(projectRoot, file), 'utf8') : ''
  // As what a test, or a group of tests, is called first thing, whichever quotes it is in.
  const calls = source.replace(/\(\s+/g, '(')
  expect(["'", '"', '`'].some((quote) => calls.includes(`(${quote}${title}${quote},`))).toBe(true)
})
