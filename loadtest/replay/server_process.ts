import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { commandOf, type RuntimeName } from '../../test/support/runtimes.ts'

/** A server of this checkout in a process of its own. */
export type ServerProcess = { url: string; pid: number; readRssMb: () => number; stop: () => Promise<void> }

const READY_TIMEOUT_MS = 60_000
/** A replay must not write into caches, indexes or mailboxes that belong to another database. */
const UNSET = ['READ_DATABASE_URL', 'REDIS_URL', 'ELASTICSEARCH_URL', 'STRIPE_SECRET_KEY', 'SMTP_URL']

/** `variables` are set besides; a `program` of another name says its address, too. */
export type ServerOptions = { variables?: Record<string, string>; program?: string; runtime?: RuntimeName }

/**
 * Starts the server on a free port and waits until it says its address. Throws what it printed when it does not start.
 */
export async function startServerProcess(
  database_url: string,
  { variables = {}, program = join('src', 'main.ts'), runtime = 'bun' }: ServerOptions = {},
): Promise<ServerProcess> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNSET.includes(name) && !isTracing(name)))
  const settings = { DATABASE_URL: database_url, PORT: '0', DRAIN_MS: '0', RATE_LIMIT_SCALE: '1000000', LOG_LEVEL: 'error' }
  const server = Bun.spawn([...commandOf(runtime), join(projectRoot, program)], {
    cwd: projectRoot,
    env: { ...inherited, ...settings, ...variables },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const timer = setTimeout(() => server.kill(), READY_TIMEOUT_MS)
  const url = await findAddress(server.stdout)
  clearTimeout(timer)
  const stop = async () => {
    server.kill('SIGTERM')
    await server.exited
  }
  if (!url) {
    await stop()
    throw new Error('The server did not start.')
  }
  return { url, pid: server.pid, readRssMb: () => readRssMb(server.pid), stop }
}

/** Reads until the line with the address, and goes on reading so that the server never waits for a full pipe. */
async function findAddress(output: ReadableStream<Uint8Array>): Promise<string | null> {
  const found = Promise.withResolvers<string | null>()
  const read = async () => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of output) {
      if (text === 'found') continue
      text += decoder.decode(chunk, { stream: true })
      const port = /http:\/\/[^\s:]+:(\d+)\s/.exec(text)?.[1]
      if (!port) continue
      text = 'found'
      found.resolve(`http://127.0.0.1:${port}`)
    }
    found.resolve(null)
  }
  void read()
  return found.promise
}

/** Resident memory of a process in MB of 10^6 bytes. `ps` says KiB on Linux and macOS alike. */
export function readRssMb(pid: number): number {
  const { stdout } = Bun.spawnSync(['ps', '-o', 'rss=', '-p', String(pid)])
  return (Number(stdout.toString()) * 1024) / 1e6
}

/** A developer's own traces are nobody's business but theirs, and take time from what is measured. */
export function isTracing(name: string): boolean {
  return name.startsWith('OTEL_')
}
