/** Gives each bench a new database, and drops it at the end. */
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { type ApiOptions, type ApiProcess, startApi } from '../test/support/api_process.ts'

/** One line of the report. */
export type Figure = { name: string; value: string }

export type Bench = {
  database_url: string
  sql: Pool
  /** Starts the API on the database. `withBench` stops it at the end. */
  start: (variables?: Record<string, string>, options?: ApiOptions) => Promise<ApiProcess>
}

export type BenchOptions = {
  /** Loads the shipped catalog. */
  has_catalog?: boolean
  /** Connections of `sql`. */
  connections?: number
}

/** Runs `measure` on a new migrated database of the server at `server_url` (null: the embedded server). */
export async function withBench<T>(
  server_url: string | undefined,
  { has_catalog = true, connections = 2 }: BenchOptions,
  measure: (bench: Bench) => Promise<T>,
): Promise<T> {
  const scratch = await createScratchDatabase(server_url)
  const sql = openPool(scratch.url, { max: connections, name: 'stallwright bench', statement_timeout_ms: 0 })
  const closes: (() => unknown)[] = [scratch.drop, () => sql.end({ timeout: 5 })]
  try {
    await migrate(scratch.url)
    if (has_catalog) await loadShippedCatalog(scratch.url, sql)
    const start: Bench['start'] = async (variables = {}, options = {}) => {
      const api = await startApi({ DATABASE_URL: scratch.url, ...variables }, options)
      closes.push(api.stop)
      return api
    }
    return await measure({ database_url: scratch.url, sql, start })
  } finally {
    for (const close of closes.reverse()) await close()
  }
}
