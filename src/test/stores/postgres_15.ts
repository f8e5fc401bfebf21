/** A PostgreSQL 15 of a test's own, with all its tools: the embedded server has neither pg_dump nor pg_basebackup. */
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findProgram } from '../requirements.ts'
import { findFreePort } from '../simulated_payments.ts'
import { unprivilegedUser } from './os_user.ts'

/** A running server. `run` runs one of its programs and answers what it printed, or throws what it complained of. */
export type Postgres15 = {
  url: string
  run: (program: string, ...args: string[]) => Promise<string>
  stop: () => Promise<void>
}

/** Makes a cluster in a folder of its own and starts it; `stop` leaves nothing of it. Needs `requires('postgresql-15')`. */
export async function openPostgres15(): Promise<Postgres15> {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-postgres-15-'))
  const user = unprivilegedUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const bin = dirname(findProgram('postgresql-15') ?? '')
  const run = (program: string, ...args: string[]) => runProgram(join(bin, program), args, user)
  const data = join(folder, 'data')
  const stop = async () => {
    await run('pg_ctl', 'stop', '--pgdata', data, '--mode', 'immediate', '--silent').catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const how = ['--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync']
    await run('initdb', '--pgdata', data, ...how)
    const port = await findFreePort()
    const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c shared_preload_libraries=pg_stat_statements`
    const log = join(folder, 'server.log')
    await run('pg_ctl', 'start', '--pgdata', data, '--wait', '--silent', '--log', log, '--options', settings)
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, run, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function runProgram(path: string, args: string[], user: { uid: number; gid: number } | null): Promise<string> {
  const child = Bun.spawn([path, ...args], { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...user })
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`${path} failed: ${(errors || output).trim()}`)
  return output
}
