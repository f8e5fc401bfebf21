import { expect, test } from 'bun:test'
import { readFileSync, rmSync } from 'node:fs'
import { runDocumented } from '../../test/support/commands.ts'
import { requires } from '../../test/support/requirements.ts'
import type { LoadResult } from './results.ts'

const NO_SERVICE = { BASE_URL: undefined }

test.if(requires('k6'))(
  'some seconds of an ordinary day: no call fails, no product is oversold, and the report has the figures',
  async () => {
    const { output, errors } = await runDocumented('bun run loadtest --listings 2000 --seconds 12', NO_SERVICE)
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
    expect(ticks.length).toBeGreaterThan(8)
    expect(statements.length).toBeGreaterThan(5)
    expect(processes.map(({ name }) => name)).toContainValues(['API', 'PostgreSQL', 'k6'])
    expect(report.match(/<svg /g)?.length).toBeGreaterThanOrEqual(6)
  },
  600_000,
)

test('an unknown suite or profile is refused', async () => {
  const { code, errors } = await runDocumented('bun run loadtest everything', NO_SERVICE)
  expect({ code, errors }).toEqual({ code: 2, errors: 'There is no suite or profile "everything". Try --help.' })
})
