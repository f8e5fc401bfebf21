/**
 * `bun start`: migrate, load the shipped catalog into an empty database, serve; ends cleanly on SIGTERM and SIGINT.
 * `bun src/main.ts api` and `worker` do one half each, on a database that `bun run migrate` has brought up to date.
 */
import { readConfig } from './platform/config.ts'
import { surviveLostConnections } from './platform/db/lost_connections.ts'
import { onNpxEnd } from './platform/runtime/npm_parent.ts'
import { refuseUnsafeProduction } from './production.ts'
import { type Role, roles, type Service, startService } from './service.ts'

const print = (line: string) => console.log(line)

/** Less than the 30 s after which orchestrators kill a process. The next process takes up unfinished work. */
const STOP_WITHIN_MS = 25_000

/** Ends a running or starting service at the first signal, and ignores the next signals. */
function stopOnSignals(starting: Promise<Service>, drain_ms: number): void {
  let stopping = false
  const stop = async (signal: string, drain_ms = 0) => {
    if (stopping) return
    stopping = true
    print(`${signal}: waiting for running requests and jobs…`)
    setTimeout(() => {
      print(`Not finished within ${STOP_WITHIN_MS / 1000} s.`)
      process.exit(1)
    }, STOP_WITHIN_MS)
    const service = await starting.catch(() => null)
    await service?.stop(drain_ms)
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop('SIGTERM', drain_ms))
  // SIGINT comes from a keyboard, so no load balancer has to notice first.
  process.on('SIGINT', () => void stop('SIGINT'))
  onNpxEnd(() => void stop('npx has ended'))
}

/** The first argument, or everything. */
function readRole(argument = 'all'): Role {
  const role = roles.find((one) => one === argument)
  if (!role) throw new Error(`There is no role ${argument}: it is ${roles.join(', ')}.`)
  return role
}

surviveLostConnections()
try {
  const role = readRole(process.argv[2])
  const config = readConfig(process.env)
  refuseUnsafeProduction(config)
  const starting = startService(config, role, print)
  stopOnSignals(starting, config.DRAIN_MS)
  const { url, operations_url } = await starting
  const pages = role === 'worker' ? 'probes of a worker' : `a search page: ${url}/demo, API reference: ${url}/docs`
  print(`Stallwright serves on ${url}  (${pages})`)
  if (operations_url) print(`Operations (metrics, checks, job queues): ${operations_url}`)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}
