import { migrate } from '../deploy/migrate.ts'
import { openDatabase } from '../deploy/open_database.ts'
import { readConfig } from '../platform/config.ts'

/** Migrates the configured database or the embedded one, and runs a command's work on it. Releases the database on Ctrl-C too. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const database = await openDatabase(readConfig(process.env).DATABASE_URL, console.error)
  const leave = async (code: number) => {
    await database.release()
    process.exit(code)
  }
  process.once('SIGINT', () => void leave(130))
  process.once('SIGTERM', () => void leave(143))
  try {
    await migrate(database.url)
    return await work(database.url)
  } finally {
    await database.release()
  }
}
