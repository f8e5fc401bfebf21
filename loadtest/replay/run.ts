/** `bun run replay`: real baskets as carts and checkouts over HTTP, on a database and a server of its own. */

import { openProgress } from '../../src/commands/progress.ts'
import { migrate } from '../../src/deploy/migrate.ts'
import { createScratchDatabase } from '../../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../../src/domains/catalog/load_shipped.ts'
import { readArguments, readWhole, runCommand, UsageError } from '../../src/platform/arguments.ts'
import { readConfig } from '../../src/platform/config.ts'
import { openPool } from '../../src/platform/db/client.ts'
import { readBaskets } from './baskets.ts'
import { prepareReplay } from './prepare.ts'
import { isSound, readOutcome, renderReport } from './report.ts'
import { startServerProcess } from './server_process.ts'
import { newTally, sendPurchases } from './shop.ts'

const usage = `Usage: bun run replay [--max-lines 12] [--limit N] [--concurrency 16]

Sends the shipped real baskets of at most so many lines, the first N of them, as users' carts and checkouts to a server it
starts itself, so many at a time. It works in a database of its own, dropped afterwards, where each product's stock is nine
tenths of what the baskets ask for. Exit code 1 unless every product adds up (initial = left + sold) and no call failed.`

type Options = { max_lines: number; limit: number; concurrency: number }

/** What has to end when the replay does, the last begun first. */
type Ends = (() => Promise<void>)[]

await runCommand(usage, async () => {
  const options = readOptions()
  const ends: Ends = []
  const leave = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  process.once('SIGINT', () => void leave().finally(() => process.exit(130)))
  process.once('SIGTERM', () => void leave().finally(() => process.exit(143)))
  try {
    return await replay(options, ends)
  } finally {
    await leave()
  }
})

async function replay({ max_lines, limit, concurrency }: Options, ends: Ends): Promise<number> {
  const baskets = await readBaskets(max_lines, limit)
  const database = await createScratchDatabase(readConfig(process.env).DATABASE_URL)
  ends.push(database.drop)
  await migrate(database.url)
  const pool = openPool(database.url, { max: 2, name: 'stallwright replay', statement_timeout_ms: 0 })
  ends.push(() => pool.end({ timeout: 5 }))
  await loadShippedCatalog(database.url, pool)
  const { purchases, unknown_lines } = await prepareReplay(pool, baskets)
  const server = await startServerProcess(database.url)
  ends.push(server.stop)

  const tally = newTally()
  const progress = openProgress(purchases.length, 'Replaying')
  const began = performance.now()
  await sendPurchases(server.url, purchases, concurrency, tally, () =>
    progress.update(tally.baskets, `${tally.orders} orders, ${tally.refused_lines} lines refused`),
  )
  const duration_s = (performance.now() - began) / 1000
  progress.end()
  const outcome = await readOutcome(pool)
  console.log(renderReport(tally, outcome, duration_s, server.readRssMb(), unknown_lines))
  for (const failure of tally.failures.slice(0, 10)) console.error(failure)
  return isSound(tally, outcome) ? 0 : 1
}

function readOptions(): Options {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({
    'max-lines': { ...text, default: '12' },
    limit: text,
    concurrency: { ...text, default: '16' },
  })
  if (positionals.length > 0) throw new UsageError(`Unknown argument ${positionals[0]}`)
  return {
    max_lines: readWhole('max-lines', values['max-lines'], 1, 10_000),
    limit: values.limit === undefined ? Number.POSITIVE_INFINITY : readWhole('limit', values.limit, 1, 1_000_000),
    concurrency: readWhole('concurrency', values.concurrency, 1, 1000),
  }
}
