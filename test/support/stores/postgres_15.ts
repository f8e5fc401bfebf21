/** A PostgreSQL 15 for one test, with all its tools. The embedded server has neither pg_dump nor pg_basebackup. */
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runToEnd } from '../commands.ts'
import { findProgram } from '../requirements.ts'
import { findFreePort } from '../simulated_payments.ts'
import { unprivilegedUser } from './os_user.ts'

/** A running server. `stop` ends it without a checkpoint and deletes its data. */
export type Postgres15 = {
  url: string
  /** Ends the server without a checkpoint. The data stays. */
  crash: () => Promise<void>
  /** Starts the server again at the same address after a crash. Returns when the server accepts connections. */
  start: () => Promise<void>
  /** Sends SIGSTOP to all processes of the server. Connections stay open, but nothing responds. Linux only. */
  freeze: () => void
  thaw: () => void
  /** Makes a standby the primary. Returns when it accepts writes. */
  promote: () => Promise<void>
  stop: () => Promise<void>
}

type Options = {
  settings?: Record<string, string>
  /**
   * A base backup to start on, instead of a new cluster. It is in a folder of `makePostgresFolder`. With the file
   * `standby.signal` the server starts as a standby.
   */
  backup?: string
}

/** Makes a cluster in a new folder, or uses a base backup, and starts it. Check `requires('postgresql-15')` first. */
export async function openPostgres15({ settings = {}, backup }: Options = {}): Promise<Postgres15> {
  const folder = makePostgresFolder()
  const data = backup ?? join(folder, 'data')
  const crash = async () => void (await runPostgres15('pg_ctl', 'stop', '--pgdata', data, '--mode', 'immediate', '--silent'))
  const stop = async () => {
    // A frozen server cannot end.
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

/** Signals the postmaster first, because a stopped postmaster starts no more processes. Then signals its children. */
function signalAll(data: string, signal: NodeJS.Signals): void {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const [postmaster = ''] = readFileSync(file, 'utf8').split('\n')
  const list = `/proc/${postmaster}/task/${postmaster}/children`
  if (!isSent(Number(postmaster), signal) || !existsSync(list)) return
  for (const pid of readFileSync(list, 'utf8').trim().split(' ').filter(Boolean)) isSent(Number(pid), signal)
}

/** Returns false if the process has ended. */
function isSent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

const LIBRARIES = { shared_preload_libraries: 'pg_stat_statements' }

/** Makes a folder that the server and its programs can write to. */
export function makePostgresFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-postgres-15-'))
  const user = unprivilegedUser()
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Runs one of PostgreSQL 15's programs. Returns its output, or throws its errors. */
export async function runPostgres15(program: string, ...args: string[]): Promise<string> {
  const path = join(dirname(findProgram('postgresql-15') ?? ''), program)
  const { code, output, errors } = await runToEnd([path, ...args], { folder: '/', user: unprivilegedUser() })
  if (code !== 0) throw new Error(`${path} failed: ${errors || output}`)
  return output
}
