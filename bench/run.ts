/** `bun run bench [name…]`: what this machine makes of the parts whose speed matters. */

import { readArguments, readWhole, runCommand, UsageError } from '../src/platform/arguments.ts'
import { readConfig } from '../src/platform/config.ts'
import { benchCache } from './cache.ts'
import { benchCheckout } from './checkout.ts'
import type { Figure } from './figures.ts'
import { benchFloods } from './floods.ts'
import { benchFloor } from './floor.ts'
import { benchGrowth } from './growth.ts'
import { benchImport } from './import.ts'
import { benchPage } from './page.ts'
import { benchProcesses } from './processes.ts'
import { benchReplica } from './replica.ts'
import { benchRuntimes } from './runtimes.ts'
import { benchSearch } from './search.ts'
import { benchSearchFloor } from './search_floor.ts'
import { benchStart } from './start.ts'

const usage = `Usage: bun run bench [name…]
       bun run bench growth [--listings 10000,100000,1000000]
       bun run bench search [--listings 200000,1000000] [--on postgres://…] [--people 8] [--queries 2000]

Measures and prints; never fails for being slow. There is: import, start, checkout, floor, page; and only when they are named, because they
take minutes: cache, floods, processes, replica, runtimes, search_floor, search, growth. --on takes a database that holds its listings already; its search index is built anew.`

const SHORT = ['import', 'start', 'checkout', 'floor', 'page']

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
  /** Each works in a database of its own on the given server, or on the embedded one. */
  const benches: Record<string, () => Promise<Figure[]>> = {
    import: () => benchImport(DATABASE_URL),
    start: () => benchStart(DATABASE_URL),
    checkout: () => benchCheckout(DATABASE_URL),
    floor: () => benchFloor(DATABASE_URL),
    page: () => benchPage(DATABASE_URL),
    cache: () => benchCache(DATABASE_URL),
    floods: () => benchFloods(DATABASE_URL),
    processes: () => benchProcesses(DATABASE_URL),
    replica: benchReplica,
    runtimes: () => benchRuntimes(DATABASE_URL),
    search_floor: () => benchSearchFloor(DATABASE_URL),
    search: () => benchSearch(DATABASE_URL, search),
    growth: () => benchGrowth(DATABASE_URL, listings ?? [10_000, 100_000, 1_000_000]),
  }
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) throw new UsageError(`There is no benchmark "${unknown}"`)
  for (const name of positionals.length > 0 ? Object.keys(benches).filter((one) => positionals.includes(one)) : SHORT)
    for (const figure of (await benches[name]?.()) ?? []) console.log(`${figure.name.padEnd(36)}${figure.value}`)
  return 0
})
