/** The server that HTTP tests use: one process for a whole test run, or the service at STALLWRIGHT_BASE_URL. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from '../../src/platform/db/client.ts'
import { type ApiProcess, startApi } from './api_process.ts'
import { type Api, openApi } from './client.ts'
import { openTestDatabase } from './database.ts'
import { chosenRuntime } from './runtimes.ts'

/** `sql` reads the server's database. It is null if the tests did not start the server. */
export type TestServer = { url: string; api: Api; sql: Pool | null }

type Running = { server: TestServer; stop: () => Promise<void> }

let running: Promise<Running> | undefined

/** Starts the server at the first call. Later calls return the same server. preload.ts stops it when the run ends. */
export async function startServer(): Promise<TestServer> {
  running ??= process.env.STALLWRIGHT_BASE_URL ? useGivenServer(process.env.STALLWRIGHT_BASE_URL) : startOwnServer()
  return (await running).server
}

/** Stops the server of `startServer`, if one runs. */
export async function stopServer(): Promise<void> {
  const started = running
  running = undefined
  await (await started?.catch(() => undefined))?.stop()
}

async function useGivenServer(base_url: string): Promise<Running> {
  const url = base_url.replace(/\/+$/, '')
  return { server: { url, api: openApi(url), sql: null }, stop: async () => {} }
}

async function startOwnServer(): Promise<Running> {
  const database = await openTestDatabase()
  const pictures = mkdtempSync(join(tmpdir(), 'stallwright-pictures-'))
  const clear = async () => {
    await database.close()
    rmSync(pictures, { recursive: true })
  }
  try {
    const { url, stop } = await spawnApi({ DATABASE_URL: database.url, PICTURES_DIR: pictures })
    return { server: { url, api: openApi(url), sql: database.sql }, stop: () => stop().then(clear) }
  } catch (error) {
    await clear()
    throw error
  }
}

/** Starts an API process on the chosen runtime. It checks its responses against their schemas. `role` is one of src/main.ts. */
export function spawnApi(variables: Record<string, string>, role = 'all'): Promise<ApiProcess> {
  // Tests sign up thousands of users. Full password hashes would take a third of their time. Production refuses a lower value.
  const hashing: Record<string, string> = variables.NODE_ENV === 'production' ? {} : { PASSWORD_MEMORY_KIB: '64' }
  const for_tests = { CHECK_ANSWERS: 'true', ...hashing }
  return startApi({ ...for_tests, ...variables }, { role, runtime: chosenRuntime() })
}
