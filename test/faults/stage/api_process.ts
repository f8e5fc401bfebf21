import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isTracing, readRssMb } from '../../../loadtest/replay/server_process.ts'
import { projectRoot } from '../../../src/platform/project.ts'
import { findFreePort } from '../../support/simulated_payments.ts'

/** The API as a process of its own. `kill` is SIGKILL; both ends wait until it is gone. */
export type ApiProcess = {
  url: string
  readRssMb: () => number
  /** Of files and connections; 0 where the system does not tell. */
  countDescriptors: () => number
  kill: () => Promise<void>
  stop: () => Promise<void>
}

const READY_TIMEOUT_MS = 60_000
/** A proof must not touch stores, mailboxes or accounts that somebody configured for something else. */
const UNSET = ['READ_DATABASE_URL', 'REDIS_URL', 'ELASTICSEARCH_URL', 'STRIPE_SECRET_KEY', 'SMTP_URL', 'SIMULATED_PAYMENTS_URL']

/** Starts the API on a free port with these variables and waits until it serves. */
export async function startApi(variables: Record<string, string>): Promise<ApiProcess> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNSET.includes(name) && !isTracing(name)))
  const child = Bun.spawn([process.execPath, join(projectRoot, 'src', 'main.ts')], {
    cwd: projectRoot,
    env: { ...inherited, PORT: '0', DRAIN_MS: '0', RATE_LIMIT_SCALE: '1000000', LOG_LEVEL: 'error', ...variables },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const end = (signal: 'SIGTERM' | 'SIGKILL') => async () => {
    child.kill(signal)
    await child.exited
  }
  const timer = setTimeout(end('SIGKILL'), READY_TIMEOUT_MS)
  const url = await readAddress(child.stdout)
  clearTimeout(timer)
  if (!url) throw new Error('The API did not start.')
  const countDescriptors = () => {
    const folder = `/proc/${child.pid}/fd`
    return existsSync(folder) ? readdirSync(folder).length : 0
  }
  return { url, readRssMb: () => readRssMb(child.pid), countDescriptors, kill: end('SIGKILL'), stop: end('SIGTERM') }
}

/** So many processes on one free port, which the system shares out among them by connection: what the one does, all of them do. */
export async function startApis(count: number, variables: Record<string, string>): Promise<ApiProcess> {
  if (count === 1) return startApi(variables)
  const shared = { ...variables, PORT: String(await findFreePort()), REUSE_PORT: 'true' }
  const all: ApiProcess[] = []
  for (let place = 0; place < count; place++) all.push(await startApi(shared))
  const sum = (read: (api: ApiProcess) => number) => all.reduce((total, api) => total + read(api), 0)
  return {
    url: (all[0] as ApiProcess).url,
    readRssMb: () => sum((api) => api.readRssMb()),
    countDescriptors: () => sum((api) => api.countDescriptors()),
    kill: async () => void (await Promise.all(all.map((api) => api.kill()))),
    stop: async () => void (await Promise.all(all.map((api) => api.stop()))),
  }
}

/** Reads on after the address: a full pipe would stop the API. What it logs about itself is shown. */
function readAddress(stdout: ReadableStream<Uint8Array>): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const read = async () => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of stdout) {
      text += decoder.decode(chunk, { stream: true })
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) {
        const port = /serves on http:\/\/[^\s:]+:(\d+)/.exec(line)?.[1]
        if (port) resolve(`http://127.0.0.1:${port}`)
        else if (line.startsWith('{')) console.error(line)
      }
    }
  }
  read()
    .catch(() => {})
    .finally(() => resolve(null))
  return promise
}
