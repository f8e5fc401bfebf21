/** The server that HTTP tests speak to: a process of its own that one test run shares, or whatever STALLWRIGHT_BASE_URL names. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isTracing } from '../../loadtest/replay/server_process.ts'
import type { Pool } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { type Api, openApi } from './api.ts'
import { openTestDatabase } from './database.ts'
import { chosenRuntime, commandOf } from './runtimes.ts'

/** `sql` looks into the server's database; null where the tests speak to a server that they did not start. */
export type TestServer = { url: string; api: Api; sql: Pool | null }

type Running = { server: TestServer; stop: () => Promise<void> }

let running: Promise<Running> | undefined

/** Starts the server at the first call; later calls answer the same one. preload.ts stops it when the run ends. */
export async function startServer(): Promise<TestServer> {
  running ??= process.env.STALLWRIGHT_BASE_URL ? useGivenServer(process.env.STALLWRIGHT_BASE_URL) : spawnServer()
  return (await running).server
}

/** Stops the server that `startServer` started, if it did. */
export async function stopServer(): Promise<void> {
  const started = running
  running = undefined
  await (await started?.catch(() => undefined))?.stop()
}

async function useGivenServer(base_url: string): Promise<Running> {
  const url = base_url.replace(/\/+$/, '')
  return { server: { url, api: openApi(url), sql: null }, stop: async () => {} }
}

async function spawnServer(): Promise<Running> {
  const database = await openTestDatabase()
  const pictures = mkdtempSync(join(tmpdir(), 'stallwright-pictures-'))
  try {
    const { url, end } = await spawnApi({ DATABASE_URL: database.url, PICTURES_DIR: pictures })
    const stop = async () => {
      await end('SIGTERM')
      await database.close()
      rmSync(pictures, { recursive: true })
    }
    return { server: { url, api: openApi(url), sql: database.sql }, stop }
  } catch (error) {
    await database.close()
    rmSync(pictures, { recursive: true })
    throw error
  }
}

/**
 * An API process of one's own. `end` sends a signal and waits until the process is gone; `exited` has its exit code; `lines` are the
 * lines of its log so far.
 */
export type ApiProcess = {
  url: string
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
  exited: Promise<number>
  lines: readonly string[]
}

/** Starts the API by the chosen runtime with these variables on top of what tests want; `role` as in src/main.ts. */
export async function spawnApi(variables: Record<string, string>, role = 'all'): Promise<ApiProcess> {
  const forTests = {
    PORT: '0',
    DRAIN_MS: '0',
    ELASTICSEARCH_URL: '',
    CHECK_ANSWERS: 'true',
    LOG_LEVEL: 'error',
    // Tests sign up thousands of people: full hashes would be a third of their time.
    PASSWORD_MEMORY_KIB: '64',
    RATE_LIMIT_SCALE: '1000000',
  }
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isTracing(name)))
  const child = Bun.spawn([...commandOf(chosenRuntime()), join(projectRoot, 'src', 'main.ts'), role], {
    cwd: projectRoot,
    env: { ...inherited, ...forTests, ...variables },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    await child.exited
  }
  try {
    const lines: string[] = []
    return { url: await readAddress(child.stdout, lines), end, exited: child.exited, lines }
  } catch (error) {
    await end('SIGTERM')
    throw error
  }
}

/** Waits for the line that says where the server serves, and goes on reading: a full pipe would stop the server. */
async function readAddress(stdout: ReadableStream<Uint8Array>, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = async () => {
      let text = ''
      let rest = ''
      const decoder = new TextDecoder()
      for await (const bytes of stdout) {
        const chunk = decoder.decode(bytes, { stream: true })
        text += chunk
        const whole = (rest + chunk).split('\n')
        rest = whole.pop() ?? ''
        const address = /serves on (\S+)/.exec(text)?.[1]
        if (address) resolve(address)
        for (const line of whole.filter((one) => one.startsWith('{'))) {
          lines.push(line)
          // Whoever looks at a red test wants the errors.
          if (/"level":[56]0/.test(line)) console.error(line)
        }
      }
      reject(new Error(`The server ended before it served: ${text}`))
    }
    read().catch(reject)
  })
}
