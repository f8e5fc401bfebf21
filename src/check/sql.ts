import { lintDatabase } from '../db/lint.ts'
import { openTestDatabase } from '../test/database.ts'

/** Builds the schema in a database of its own and runs every rule of db/lint on it. Answers what is wrong. */
export async function checkSql(): Promise<string> {
  const database = await openTestDatabase()
  try {
    const findings = await lintDatabase(database.sql)
    return findings.map(({ lint, object, finding }) => `${lint}: ${object}: ${finding}`).join('\n')
  } finally {
    await database.close()
  }
}
