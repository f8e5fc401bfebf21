/** `bun run migrate`: brings the configured database or the embedded one up to date, and prints the changes. */

import { findDrifted } from '../deploy/deploy_functions.ts'
import { migrate } from '../deploy/migrate.ts'
import { openDatabase } from '../deploy/open_database.ts'
import { loadShippedCatalog } from '../domains/catalog/load_shipped.ts'
import { readArguments, runCommand, UsageError } from '../platform/arguments.ts'
import { readConfig } from '../platform/config.ts'
import { openPool, type Pool } from '../platform/db/client.ts'

const usage = `Usage: bun run migrate [--catalog]

Applies missing migrations, installs the job queues and replaces the stored functions. Safe beside a running server and from
several machines at once. Set DATABASE_URL to use another database than the embedded one.
--catalog also loads the shipped catalog into a database that has no shop yet.`

type State = { versions: string[]; deployed_at: string | null; function_count: number; drifted: string[] }

await runCommand(usage, async () => {
  const { values, positionals } = readArguments({ catalog: { type: 'boolean' } })
  if (positionals.length > 0) throw new UsageError('migrate takes no arguments')
  const database = await openDatabase(readConfig(process.env).DATABASE_URL, console.error)
  const pool = openPool(database.url, { max: 1, name: 'stallwright migrate', statement_timeout_ms: 0 })
  try {
    const before = await readState(pool)
    await migrate(database.url)
    for (const line of describeChange(before, await readState(pool))) console.log(line)
    if (values.catalog) await loadShippedCatalog(database.url, pool, console.log)
    return 0
  } finally {
    await pool.end({ timeout: 5 })
    await database.release()
  }
})

/** Returns the migrations, the functions and the drifted objects of the database. A new database has none. */
async function readState(pool: Pool): Promise<State> {
  const [tables] = await pool<{ made: boolean }[]>`select to_regclass('deployed_triggers') is not null as made`
  if (!tables?.made) return { versions: [], deployed_at: null, function_count: 0, drifted: [] }
  const versions = await pool<{ version: string }[]>`select version from schema_migrations order by version`
  const [functions] = await pool<{ deployed_at: string | null; count: number }[]>`
    select max(deployed_at)::text as deployed_at, count(*)::integer as count from deployed_functions`
  return {
    versions: versions.map((row) => row.version),
    deployed_at: functions?.deployed_at ?? null,
    function_count: functions?.count ?? 0,
    drifted: await findDrifted(pool),
  }
}

function describeChange(before: State, after: State): string[] {
  const applied = after.versions.filter((version) => !before.versions.includes(version))
  return [
    applied.length > 0
      ? `Applied ${applied.length} migrations: ${applied.join(', ')}`
      : `No new migrations (${after.versions.length} applied).`,
    ...before.drifted.map((signature) => `Not as it was deployed, and made again: ${signature}`),
    before.deployed_at === after.deployed_at
      ? `Functions unchanged (${after.function_count}).`
      : `Deployed ${after.function_count} functions.`,
  ]
}
