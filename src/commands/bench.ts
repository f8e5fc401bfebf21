/** `bun run bench [name…]`: what this machine makes of the parts whose speed matters. */
import { benchCheckout } from '../bench/checkout.ts'
import type { Figure } from '../bench/figures.ts'
import { benchImport } from '../bench/import.ts'
import { readConfig } from '../config.ts'
import { readArguments, runCommand, UsageError } from './arguments.ts'

/** Each works in a database of its own on the given server, or on the embedded one. */
const benches: Record<string, (database_url: string | undefined) => Promise<Figure[]>> = {
  import: benchImport,
  checkout: benchCheckout,
}

const usage = `Usage: bun run bench [name…]

Measures and prints; never fails for being slow. There is: ${Object.keys(benches).join(', ')}; without a name, all of them.`

await runCommand(usage, async () => {
  const { positionals } = readArguments({})
  const unknown = positionals.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined) throw new UsageError(`There is no benchmark "${unknown}"`)
  const { DATABASE_URL } = readConfig(process.env)
  for (const [name, bench] of Object.entries(benches)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    for (const figure of await bench(DATABASE_URL)) console.log(`${figure.name.padEnd(22)}${figure.value}`)
  }
  return 0
})
