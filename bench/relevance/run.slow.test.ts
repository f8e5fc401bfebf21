import { expect, test } from 'bun:test'
import { runDocumented } from '../../test/support/commands.ts'
import { requires } from '../../test/support/requirements.ts'

/** Bounds a little worse than the measured figures: [NDCG@10 at least, share of queries without a result at most]. */
const bounds: Record<string, [number, number]> = {
  'postgres, search, clean, all': [0.89, 0],
  'postgres, search, misspelled, all': [0.86, 0.01],
  'elasticsearch, search, clean, all': [0.89, 0],
  'elasticsearch, search, misspelled, all': [0.86, 0.01],
}

test.if(requires('elasticsearch'))(
  'both engines are as good as they were on the judged queries',
  async () => {
    const { code, output, errors } = await runDocumented('bun run relevance')
    expect({ code, errors: code === 0 ? '' : errors }).toEqual({ code: 0, errors: '' })
    for (const [name, [ndcg_at_least, zero_at_most]] of Object.entries(bounds)) {
      const line = output.split('\n').find((one) => one.startsWith(`${name} `)) ?? ''
      const [, ndcg, , , zero] = line.slice(name.length).trim().split(/ +/).map(Number)
      expect(ndcg, name).toBeGreaterThan(ndcg_at_least)
      expect(zero, name).toBeLessThanOrEqual(zero_at_most)
    }
  },
  240_000,
)
