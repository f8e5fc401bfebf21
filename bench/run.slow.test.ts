import { expect, test } from 'bun:test'
import { runDocumented } from '../test/support/commands.ts'

test('one round prints a figure for each bench', async () => {
  const { code, output, errors } = await runDocumented('bun run bench --rounds 1')
  expect({ code, errors: code === 0 ? '' : errors }).toEqual({ code: 0, errors: '' })
  for (const name of [
    'purchase, 1 at a time',
    'purchase, 8 at a time, PostgreSQL',
    'checkout, share of the floor',
    'page, cached',
    'page, uncached',
  ])
    expect(output).toMatch(new RegExp(`^${name} +\\S`, 'm'))
}, 240_000)
