/** A PostgreSQL 15 of a test's own, with all its tools: the embedded server has neither pg_dump nor pg_basebackup. */
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findProgram } from '../requirements.ts'
import { findFreePort } from '../simulated_payments.ts'
import { unprivilegedUser } from './os_user.ts'

/** A running server. `stop` pulls the plug and leaves nothing of its data. */
export type Postgres15 = {
  url: string
  /** Pulls the plug and leaves its data. */
  crash: () => Promise<void>
  /** Starts it again at the same address, after a crash; answers when it takes connections. */
  start: () => Promise<void>
  /** Stops all of its processes in their tracks: connections stay, nothing answers. Linux only. */
  freeze: () => void
  thaw: () => void
  /** Makes a standby the primary; answers when it takes writes. */
  promote: () => Promise<void>
  stop: () => Promise<void>
}

type Options = {
  settings?: Record<string, string>
  /** A base backup to start on, as a standby where it has a `standby.signal`, in a folder of `makePostgresFolder`, instead of a new cluster. */
  backup?: string
}

/** Makes a cluster in a folder of its own, or takes a base backup, and starts it. Needs `requires('postgresql-15')`. */
export async function openPostgres15({ settings = {}, backup }: Options = {}): Promise<Postgres15> {
  const folder = makePostgresFolder()
  const data = backup ?? join(folder, 'data')
  const crash = async () => void (await runPostgres15('pg_ctl', 'stop', '--pgdata', data, '--mode', 'immediate', '--silent'))
  const stop = async () => {
    // Frozen, it could not end.
    signalAll(data, 'SIGCONT')
    await crash().catch(() => {})
    for (const path of [data, folder]) rmSync(path, { recursive: true, force: true })
  }
  try {
    const how = ['--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync']
    if (!backup) await runPostgres15('initdb', '--pgdata', data, ...how)
    const port = await findFreePort()
    const all = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', ...LIBRARIES, ...settings }
    const options = Object.entries(all).map(([name, value]) => `-c '${name}=${value}'`)
    const log = ['--log', join(folder, 'server.log')]
    const start = async () =>
      void (await runPostgres15(
        'pg_ctl',
        'start',
        '--pgdata',
        data,
        '--wait',
        '--silent',
        ...log,
        '--options',
        options.join(' '),
      ))
    await start()
    const freeze = () => signalAll(data, 'SIGSTOP')
    const thaw = () => signalAll(data, 'SIGCONT')
    const promote = async () => void (await runPostgres15('pg_ctl', 'promote', '--pgdata', data, '--wait', '--silent'))
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, crash, start, freeze, thaw, promote, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Signals the server's first process, which starts no others once it is stopped, and then those that it has started. */
function signalAll(data: string, signal: NodeJS.Signals): void {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const [postmaster = ''] = readFileSync(file, 'utf8').split('\n')
  const list = `/proc/${postmaster}/task/${postmaster}/children`
  if (!isSent(Number(postmaster), signal) || !existsSync(list)) return
  for (const pid of readFileSync(list, 'utf8').trim().split(' ').filter(Boolean)) isSent(Number(pid), signal)
}

/** False for a process that has ended meanwhile. */
function isSent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

const LIBRARIES = { shared_preload_libraries: 'pg_stat_statements' }

/** A new folder that the server and its programs may write into. */
export function makePostgresFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-postgres-15-'))
  const user = unprivilegedUser()
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Runs one of PostgreSQL 15's programs; answers what it printed, or throws what it complained of. */
export async function runPostgres15(program: string, ...args: string[]): Promise<string> {
  const path = join(dirname(findProgram('postgresql-15') ?? ''), program)
  const child = Bun.spawn([path, ...args], { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...unprivilegedUser() })
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`${path} failed: ${(errors || output).trim()}`)
  return output
}
