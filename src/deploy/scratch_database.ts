import postgres from 'postgres'
import { openDatabase } from './open_database.ts'

/** A database that exists for one run, on the configured server or the embedded one. */
export type ScratchDatabase = { url: string; drop: () => Promise<void> }

/** Creates an empty database. `drop` removes it and ends its connections. */
export async function createScratchDatabase(configured: string | undefined): Promise<ScratchDatabase> {
  const server = await openDatabase(configured, console.error)
  const admin = postgres(server.url, { max: 1, onnotice: () => {} })
  const name = `stallwright_scratch_${process.pid}_${crypto.randomUUID().slice(0, 8)}`
  try {
    await admin.unsafe(`create database ${name}`)
  } catch (error) {
    await admin.end()
    await server.release()
    throw new Error(`This command cannot create its own database: ${(error as Error).message}.`)
  }
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const drop = async () => {
    await admin.unsafe(`drop database if exists ${name} with (force)`)
    await admin.end({ timeout: 5 })
    await server.release()
  }
  return { url: url.href, drop }
}
