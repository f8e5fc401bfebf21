/** One run of the test command: a folder for everything that its tests write, and one `bun test` for each pass. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'
import postgres from 'postgres'
import { projectRoot } from '../../src/platform/project.ts'

/**
 * `files` are files of the project, or other arguments of `bun test`. The tests get `variables` in addition to the environment.
 */
export type Pass = { title: string; files: string[]; in_turn?: boolean; variables?: Record<string, string> }
export type Counts = { passed: number; failed: number }
/** A requirement that a test file did not find, such as `redis-server: apt install redis-server`. */
export type Missing = { file: string; line: string }

export type Run = {
  /** Runs one pass and returns its counts. An aborted run ends the tests and all processes that they started. */
  test: (pass: Pass, args: string[]) => Promise<Counts>
  missing: () => Missing[]
  /** Ends the servers and removes the databases and files that tests left behind. */
  close: (database_url: string) => Promise<void>
}

/** The folder of the files that one run keeps for the next. .gitignore lists it. */
export const data = join(projectRoot, '.data')
mkdirSync(data, { recursive: true })

/** A test waits for conditions and not for time, so this limit only ends a test that would wait forever. */
const TEST_TIMEOUT_MS = 120_000
/** Each worker has its own API and database. Four workers stay within the connections of the embedded PostgreSQL. */
const WORKERS = Math.min(availableParallelism(), 4)

export function openRun(ended: AbortSignal): Run {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-test-'))
  // Servers of tests run as other users, so all users can write into this folder, like into the system's temporary folder.
  chmodSync(folder, 0o1777)
  const name = `${process.pid}_${Date.now().toString(36)}`
  const missing = join(folder, 'missing')
  // requires() in this process reads the variable, too.
  process.env.STALLWRIGHT_MISSING_FILE = missing
  return {
    test: async ({ files, in_turn, variables }, args) => {
      const report = join(folder, 'junit.xml')
      rmSync(report, { force: true })
      // From the second run on, the slowest files of the last run start first.
      const timings = [`--timings=${join(data, 'test_timings.json')}`, '--update-timings']
      const workers = in_turn ? [] : [`--parallel=${WORKERS}`, '--parallel-delay=0', '--no-isolate', ...timings]
      const options = [`--timeout=${TEST_TIMEOUT_MS}`, '--reporter=junit', `--reporter-outfile=${report}`, ...workers]
      // --no-orphans: the end of bun test also ends its workers, and the servers that the files of a worker share.
      const tests = Bun.spawn([process.execPath, '--no-orphans', 'test', ...options, ...args, ...files], {
        cwd: projectRoot,
        env: { ...process.env, TMPDIR: folder, STALLWRIGHT_TEST_RUN: name, ...variables },
        stdio: ['ignore', 'inherit', 'inherit'],
        signal: ended,
      })
      const code = await tests.exited
      const counts = readCounts(report)
      // The report lacks a file that does not load.
      return { ...counts, failed: Math.max(counts.failed, code === 0 ? 0 : 1) }
    },
    missing: () => readMissing(missing),
    close: async (database_url) => {
      stopPostgresServers(folder)
      removeContainers(name)
      await dropDatabases(database_url, name)
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

/** Returns the totals of Bun's JUnit report, or zeros if there is no report. */
function readCounts(file: string): Counts {
  const totals = existsSync(file) ? (/<testsuites [^>]*>/.exec(readFileSync(file, 'utf8'))?.[0] ?? '') : ''
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(totals)?.[1] ?? 0)
  const failed = count('failures')
  return { passed: count('tests') - failed - count('skipped'), failed }
}

function readMissing(file: string): Missing[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** pg_ctl detaches a server from the process that started it, so a killed test leaves its server running. */
function stopPostgresServers(folder: string): void {
  for (const name of new Glob('**/postmaster.pid').scanSync({ cwd: folder, dot: true })) {
    const [pid = ''] = readFileSync(join(folder, name), 'utf8').split('\n')
    try {
      process.kill(Number(pid), 'SIGQUIT')
    } catch {
      // The server has ended.
    }
  }
}

/** The Docker daemon started the containers, so they outlive the tests. */
function removeContainers(run: string): void {
  if (!Bun.which('docker')) return
  const list = spawnSync('docker', ['ps', '--quiet', '--filter', `label=stallwright_test=${run}`], { encoding: 'utf8' })
  const ids = (list.stdout ?? '').split('\n').filter(Boolean)
  if (ids.length > 0) spawnSync('docker', ['rm', '--force', ...ids], { stdio: 'ignore' })
}

/** Drops the databases that killed tests left behind. */
async function dropDatabases(url: string, run: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const left = await sql<{ datname: string }[]>`
      select datname from pg_database where starts_with(datname, ${`stallwright_test_${run}_`})`
    for (const { datname } of left) await sql.unsafe(`drop database if exists ${datname} with (force)`)
  } finally {
    await sql.end()
  }
}
