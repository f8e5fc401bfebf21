/** Starts the API in a separate process, for tests, fault injection, benches and load tests. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { commandOf, type RuntimeName } from './runtimes.ts'
import { findFreePort } from './simulated_payments.ts'

export type ApiProcess = {
  url: string
  pid: number
  /** The JSON lines that the process has logged so far. */
  lines: readonly string[]
  /** The exit code. */
  exited: Promise<number>
  /** Resident memory in MB of 10^6 bytes. */
  readRssMb: () => number
  /** CPU time since the start in milliseconds, in steps of 10 ms. 0 on systems without /proc. */
  readCpuMs: () => number
  /** Open files and connections. 0 on systems without /proc. */
  countDescriptors: () => number
  /** Sends SIGTERM and waits until the process is gone. */
  stop: () => Promise<void>
  /** Sends SIGKILL and waits until the process is gone. */
  kill: () => Promise<void>
}

export type ApiOptions = {
  /** As in src/main.ts: all, api or worker. */
  role?: string
  /** A path in the project. The program must print `serves on <address>`. */
  program?: string
  runtime?: RuntimeName
}

const READY_TIMEOUT_MS = 120_000
/** The process must not use stores, mailboxes or accounts that the shell has configured for something else. */
const NOT_INHERITED =
  /^(OTEL_.*|READ_DATABASE_URL|REDIS_URL|ELASTICSEARCH_URL|STRIPE_SECRET_KEY|SMTP_URL|SIMULATED_PAYMENTS_URL)$/
const DEFAULTS = { PORT: '0', DRAIN_MS: '0', RATE_LIMIT_SCALE: '1000000', LOG_LEVEL: 'error' }

/** Starts the API on a free port with these variables and waits until it serves. Throws its output if it does not. */
export async function startApi(variables: Record<string, string>, options: ApiOptions = {}): Promise<ApiProcess> {
  const { role = 'all', program = join('src', 'main.ts'), runtime = 'bun' } = options
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name)))
  const child = Bun.spawn([...commandOf(runtime), join(projectRoot, program), role], {
    cwd: projectRoot,
    env: { ...inherited, ...DEFAULTS, ...variables },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const end = (signal: 'SIGTERM' | 'SIGKILL') => async () => {
    child.kill(signal)
    await child.exited
  }
  const timer = setTimeout(end('SIGKILL'), READY_TIMEOUT_MS)
  const lines: string[] = []
  try {
    // The API listens on 127.0.0.1 and prints `localhost`. The number saves a lookup for each connection.
    const url = (await readAddress(child.stdout, lines)).replace('//localhost:', '//127.0.0.1:')
    const { pid, exited } = child
    const countDescriptors = () => countFiles(`/proc/${pid}/fd`)
    return {
      url,
      pid,
      lines,
      exited,
      readRssMb: () => readRssMb(pid),
      readCpuMs: () => readCpuMs(pid),
      countDescriptors,
      stop: end('SIGTERM'),
      kill: end('SIGKILL'),
    }
  } catch (error) {
    await end('SIGTERM')()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Starts `count` processes on one free port. The system distributes the connections among them. */
export async function startApis(
  count: number,
  variables: Record<string, string>,
  options: ApiOptions = {},
): Promise<ApiProcess[]> {
  if (count === 1) return [await startApi(variables, options)]
  const shared = { ...variables, PORT: String(await findFreePort()), REUSE_PORT: 'true' }
  const all: ApiProcess[] = []
  for (let place = 0; place < count; place++) all.push(await startApi(shared, options))
  return all
}

/** Returns the address that a server prints when it is ready. Then keeps reading, because a full pipe would block the server. */
export function readAddress(stdout: AsyncIterable<Uint8Array>, lines: string[] = []): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const read = async () => {
    let printed = ''
    let rest = ''
    let is_found = false
    const decoder = new TextDecoder()
    for await (const bytes of stdout) {
      const chunk = decoder.decode(bytes, { stream: true })
      if (!is_found) printed += chunk
      const whole = (rest + chunk).split('\n')
      rest = whole.pop() ?? ''
      const address = is_found ? undefined : /serves on (\S+)\s/.exec(printed)?.[1]
      if (address) {
        is_found = true
        resolve(address)
      }
      for (const line of whole.filter((one) => one.startsWith('{'))) {
        lines.push(line)
        // The reader of a failed test needs the errors.
        if (/"level":[56]0/.test(line)) console.error(line)
      }
    }
    reject(new Error(`The server ended before it served: ${printed}`))
  }
  read().catch(reject)
  return promise
}

/** Resident memory of a process in MB of 10^6 bytes. `ps` prints KiB on Linux and macOS. */
export function readRssMb(pid: number): number {
  const { stdout } = Bun.spawnSync(['ps', '-o', 'rss=', '-p', String(pid)])
  return (Number(stdout.toString()) * 1024) / 1e6
}

/** Linux reports CPU time in hundredths of a second. */
const MS_PER_TICK = 10

function readCpuMs(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return 0
  const stat = readFileSync(file, 'utf8')
  // The fields after the name of the command: 11 is the user time, and 12 is the system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}

function countFiles(folder: string): number {
  return existsSync(folder) ? readdirSync(folder).length : 0
}
