import { expect, test } from 'bun:test'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { requires } from '../../test/support/requirements.ts'
import type { LoadResult } from './results.ts'

async function run(...words: string[]) {
  const command = [process.execPath, join(projectRoot, 'loadtest', 'runner', 'run.ts'), ...words]
  const { BASE_URL: _, ...env } = process.env
  const child = Bun.spawn(command, { cwd: projectRoot, env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, output, errors }
}

test.if(requires('k6'))(
  'an ordinary day for half a minute: everything answers, nothing is oversold, and a report says so',
  async () => {
    const { output, errors } = await run('mix', 'smoke', '--bare')
    const html = /^Report: (.+)\.html$/m.exec(output)?.[1]
    if (!html) throw new Error(output + errors)
    const result = JSON.parse(readFileSync(`${html}.json`, 'utf8')) as LoadResult
    const { summary, oversold, ticks, statements, processes } = result
    const report = readFileSync(`${html}.html`, 'utf8')
    for (const end of ['json', 'html']) rmSync(`${html}.${end}`)
    // The test does not check times, because tests run beside other load.
    expect({ failed_share: summary.failed_share, oversold }).toEqual({ failed_share: 0, oversold: [] })
    expect(summary.calls.map(({ name }) => name)).toContainValues([
      'GET /v1/search',
      'POST /v1/checkout',
      'PATCH /v1/products/{id}',
    ])
    expect(ticks.length).toBeGreaterThan(20)
    expect(statements.length).toBeGreaterThan(5)
    expect(processes.map(({ name }) => name)).toContainValues(['API', 'PostgreSQL', 'k6'])
    expect(report.match(/<svg /g)?.length).toBeGreaterThanOrEqual(6)
  },
  180_000,
)

test('an unknown suite or profile is refused', async () => {
  const { code, errors } = await run('everything')
  expect({ code, errors: errors.trim() }).toEqual({ code: 2, errors: 'There is no suite or profile "everything". Try --help.' })
})
