/** `bun run bench [name…]`: what this machine makes of the parts whose speed matters. */
import { benchCache } from '../bench/cache.ts'
import { benchCheckout } from '../bench/checkout.ts'
import type { Figure } from '../bench/figures.ts'
import { benchFloor } from '../bench/floor.ts'
import { benchImport } from '../bench/import.ts'
import { benchPage } from '../bench/page.ts'
import { benchSearch, type SearchBench } from '../bench/search.ts'
import { readConfig } from '../config.ts'
import { readArguments, readWhole, runCommand, UsageError } from './arguments.ts'

/** Each works in a database of its own on the given server, or on the embedded one. */
const benches: Record<string, (database_url: string | undefined, search: SearchBench) => Promise<Figure[]>> = {
  import: benchImport,
  checkout: benchCheckout,
  cache: benchCache,
  floor: benchFloor,
  page: benchPage,
  search: benchSearch,
}
/** Only when they are named: a catalogue of a million takes a quarter of an hour to make, three rounds of caches take two minutes. */
const LONG = new Set(['cache', 'search'])

const usage = `Usage: bun run bench [name…]
       bun run bench search [--listings 200000,1000000] [--on postgres://…] [--people 8] [--queries 2000]

Measures and prints; never fails for being slow. There is: ${Object.keys(benches).join(', ')}; without a name, all of them but
${[...LONG].join(' and ')}. --on takes a database that holds its listings already; its search index is built anew.`

await runCommand(usage, async () => {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({ listings: text, on: text, people: text, queries: text })
  const search: SearchBench = {
    listings: String(values.listings ?? '200000,1000000')
      .split(',')
      .map((one) => readWhole('listings', one, 1, 100_000_000)),
    on: typeof values.on === 'string' ? values.on : null,
    people: readWhole('people', values.people ?? '8', 1, 100),
    queries: readWhole('queries', values.queries ?? '2000', 1, 1_000_000),
  }
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) throw new UsageError(`There is no benchmark "${unknown}"`)
  const { DATABASE_URL } = readConfig(process.env)
  for (const [name, bench] of Object.entries(benches)) {
    if (positionals.length > 0 ? !positionals.includes(name) : LONG.has(name)) continue
    for (const figure of await bench(DATABASE_URL, search)) console.log(`${figure.name.padEnd(32)}${figure.value}`)
  }
  return 0
})
