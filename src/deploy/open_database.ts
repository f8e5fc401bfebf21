import postgres from 'postgres'
import { openEmbedded } from './embedded.ts'

/** A database to work on. `release` ends the use of it. */
export type OpenDatabase = { url: string; release: () => Promise<void> }

/**
 * Returns the database of DATABASE_URL, or the embedded one, which it starts if necessary. Throws one line if it does not
 * respond.
 */
export async function openDatabase(url: string | undefined, print: (line: string) => void = () => {}): Promise<OpenDatabase> {
  if (!url) return openEmbedded(print)
  const probe = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    await probe`select 1`
  } catch (error) {
    const { host } = new URL(url)
    throw new Error(`The PostgreSQL of DATABASE_URL (${host}) does not respond: ${(error as Error).message}`)
  } finally {
    await probe.end({ timeout: 1 })
  }
  return { url, release: async () => {} }
}
