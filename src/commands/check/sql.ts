import { migrate } from '../../deploy/migrate.ts'
import { createScratchDatabase } from '../../deploy/scratch_database.ts'
import { openPool } from '../../platform/db/client.ts'
import { lintDatabase } from './lint.ts'

/** Builds the schema in a scratch database and runs every rule of db/lint on it. Returns the findings, one line each. */
export async function checkSql(): Promise<string> {
  const scratch = await createScratchDatabase(process.env.DATABASE_URL)
  try {
    await migrate(scratch.url)
    const sql = openPool(scratch.url, { max: 1, name: 'stallwright check', statement_timeout_ms: 0 })
    const findings = await lintDatabase(sql)
    await sql.end({ timeout: 5 })
    return findings.map(({ lint, object, finding }) => `${lint}: ${object}: ${finding}`).join('\n')
  } finally {
    await scratch.drop()
  }
}
