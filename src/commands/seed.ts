/** `bun run seed --products N [--seed S] [--variants 15]`: lists a synthetic catalog of any size, derived from the shipped one. */
import { IMPORT_LANES } from '../domains/catalog/import_catalog.ts'
import type { BadRow } from '../domains/catalog/import_rows.ts'
import { seedListings } from '../domains/catalog/seed_listings.ts'
import { describeCounts } from '../domains/catalog/summary.ts'
import { readArguments, readWhole, runCommand, UsageError } from '../platform/arguments.ts'
import { openPool } from '../platform/db/client.ts'
import { followIndex } from './follow_index.ts'
import { openProgress } from './progress.ts'
import { withDatabase } from './with_database.ts'

const usage = `Usage: bun run seed --products N [--seed S] [--variants 15]

Lists N synthetic items in about N/27 shops, drawn from the shipped catalog: the same items for the same N and S (default 1).
--variants is the percentage of the items with variants.
A second run changes nothing. Another seed adds other items. Set DATABASE_URL to use another database than the embedded one.`

await runCommand(usage, async () => {
  const { values, positionals } = readArguments({
    products: { type: 'string' },
    seed: { type: 'string', default: '1' },
    variants: { type: 'string', default: '15' },
  })
  if (positionals.length > 0) throw new UsageError(`Unknown argument ${positionals[0]}`)
  if (values.products === undefined) throw new UsageError('--products is missing: the number of items')
  const count = readWhole('products', values.products, 1, 100_000_000)
  const seed = readWhole('seed', values.seed, 0, Number.MAX_SAFE_INTEGER)
  const share = readWhole('variants', values.variants, 0, 100) / 100
  return await withDatabase((url) => followIndex(url, () => seedProducts(url, count, seed, share)))
})

async function seedProducts(url: string, count: number, seed: number, variants: number): Promise<number> {
  const pool = openPool(url, { max: IMPORT_LANES, name: 'stallwright seed', statement_timeout_ms: 0 })
  const progress = openProgress(count, 'Seeding')
  const began = performance.now()
  try {
    const hooks = {
      onProgress: (end: number) => progress.update(end, `${end} of ${count} items`),
      onBadRow: ({ line, reason }: BadRow) => progress.note(`item ${line}: ${reason}`),
    }
    const counts = await seedListings(pool, count, seed, hooks, variants)
    progress.end()
    console.log(describeCounts(counts, (performance.now() - began) / 1000))
    return counts.skipped > 0 ? 1 : 0
  } finally {
    progress.end()
    await pool.end({ timeout: 5 })
  }
}
