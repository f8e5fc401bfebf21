/** `bun run bench [name…]`: runs the benches on this machine. */

import { readArguments, readWhole, runCommand, UsageError } from '../src/platform/arguments.ts'
import { readConfig } from '../src/platform/config.ts'
import type { Figure } from './bench.ts'
import { benchEnumeration } from './enumeration.ts'
import { benchFloor } from './floor.ts'
import { benchLedger } from './ledger.ts'
import { benchPage } from './page.ts'
import { benchPurchase } from './purchase.ts'
import { benchSearch } from './search.ts'
import { benchVariants } from './variants.ts'

const usage = `Usage: bun run bench [name…] [--rounds 5]
       bun run bench search [--postgres] [--listings 200000,1000000] [--people 8] [--queries 2000]
       bun run bench variants [--listings 200000,1000000]
       bun run bench ledger [--orders 1000000]

Measures and prints. A slow result is no failure. Without a name it runs purchase, floor and page. enumeration, search, variants and
ledger run only by name. search takes minutes: --postgres sends searches of every kind to PostgreSQL alone. --rounds sets the rounds of each:
one round is quick and less exact.`

const SHORT = ['purchase', 'floor', 'page']

await runCommand(usage, async () => {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({
    postgres: { type: 'boolean' },
    listings: text,
    orders: text,
    people: text,
    queries: text,
    rounds: text,
  })
  const sizes = String(values.listings ?? '200000,1000000').split(',')
  const search = {
    is_mixed: values.postgres === true,
    listings: sizes.map((size) => readWhole('listings', size, 1, 100_000_000)),
    people: readWhole('people', values.people ?? '8', 1, 100),
    queries: readWhole('queries', values.queries ?? '2000', 1, 1_000_000),
  }
  const rounds = readWhole('rounds', values.rounds ?? '5', 1, 100)
  const { DATABASE_URL } = readConfig(process.env)
  /** Each bench has its own database on the server of DATABASE_URL, or on the embedded server. */
  const benches: Record<string, () => Promise<Figure[]>> = {
    purchase: () => benchPurchase(DATABASE_URL, rounds),
    floor: () => benchFloor(DATABASE_URL, rounds),
    page: () => benchPage(DATABASE_URL, rounds),
    enumeration: () => benchEnumeration(DATABASE_URL, rounds),
    search: () => benchSearch(DATABASE_URL, search),
    variants: () => benchVariants(DATABASE_URL, search.listings),
    ledger: () => benchLedger(DATABASE_URL, readWhole('orders', values.orders ?? '1000000', 1, 100_000_000)),
  }
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) throw new UsageError(`There is no bench "${unknown}"`)
  for (const name of positionals.length > 0 ? Object.keys(benches).filter((one) => positionals.includes(one)) : SHORT)
    for (const figure of (await benches[name]?.()) ?? []) console.log(`${figure.name.padEnd(36)}${figure.value}`)
  return 0
})
