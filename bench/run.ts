/** `bun run bench [name…]`: runs the benches on this machine. */

import { readArguments, readWhole, runCommand, UsageError } from '../src/platform/arguments.ts'
import { readConfig } from '../src/platform/config.ts'
import type { Figure } from './bench.ts'
import { benchCache } from './cache.ts'
import { benchCheckout } from './checkout.ts'
import { benchFloods } from './floods.ts'
import { benchFloor } from './floor.ts'
import { benchGrowth } from './growth.ts'
import { benchImport } from './import.ts'
import { benchPage } from './page.ts'
import { benchProcesses } from './processes.ts'
import { benchReplica } from './replica.ts'
import { benchSearch } from './search.ts'

const usage = `Usage: bun run bench [name…]
       bun run bench growth [--listings 10000,100000,1000000]
       bun run bench search [--listings 200000,1000000] [--on postgres://…] [--people 8] [--queries 2000]

Measures and prints. A slow result is no failure. Without a name it runs import, checkout, floor and page. These take minutes and
run only by name: cache, floods, processes, replica, search, growth. --on names a database that already holds the listings; the
bench rebuilds its search index.`

const SHORT = ['import', 'checkout', 'floor', 'page']

await runCommand(usage, async () => {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({ listings: text, on: text, people: text, queries: text })
  const readSizes = (sizes: string) => sizes.split(',').map((one) => readWhole('listings', one, 1, 100_000_000))
  const listings = values.listings === undefined ? null : readSizes(String(values.listings))
  const search = {
    listings: listings ?? [200_000, 1_000_000],
    on: typeof values.on === 'string' ? values.on : null,
    people: readWhole('people', values.people ?? '8', 1, 100),
    queries: readWhole('queries', values.queries ?? '2000', 1, 1_000_000),
  }
  const { DATABASE_URL } = readConfig(process.env)
  /** Each bench has its own database on the server of DATABASE_URL, or on the embedded server. */
  const benches: Record<string, () => Promise<Figure[]>> = {
    import: () => benchImport(DATABASE_URL),
    checkout: () => benchCheckout(DATABASE_URL),
    floor: () => benchFloor(DATABASE_URL),
    page: () => benchPage(DATABASE_URL),
    cache: () => benchCache(DATABASE_URL),
    floods: () => benchFloods(DATABASE_URL),
    processes: () => benchProcesses(DATABASE_URL),
    replica: benchReplica,
    search: () => benchSearch(DATABASE_URL, search),
    growth: () => benchGrowth(DATABASE_URL, listings ?? [10_000, 100_000, 1_000_000]),
  }
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) throw new UsageError(`There is no bench "${unknown}"`)
  for (const name of positionals.length > 0 ? Object.keys(benches).filter((one) => positionals.includes(one)) : SHORT)
    for (const figure of (await benches[name]?.()) ?? []) console.log(`${figure.name.padEnd(36)}${figure.value}`)
  return 0
})
