/**
 * `bun run test`: every test on the embedded PostgreSQL, or on the server of DATABASE_URL. Arguments go to `bun test`. With
 * `--runtime node` or `deno` that runtime serves, and unless files are named the tests run that speak HTTP.
 * A suite that needs more (a browser, Redis) finds it by its variables; what could not be had is listed last, and fails with CI=true
 * unless test/support/requirements.ts excuses it.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'
import { findOrBuildK6 } from '../loadtest/runner/k6.ts'
import { openEmbedded } from '../src/deploy/embedded.ts'
import { projectRoot } from '../src/platform/project.ts'
import { excused } from './support/requirements.ts'
import { findOrInstallRuntimes } from './support/runtimes.ts'
import { clientGenerators } from './support/stores/client_generators.ts'
import { debianProgram } from './support/stores/debian.ts'
import { elasticsearch } from './support/stores/elasticsearch.ts'
import { schemathesis } from './support/stores/schemathesis.ts'
import type { ProvidedStore, Store } from './support/stores/store.ts'
import { stripeMock } from './support/stores/stripe_mock.ts'

const stores: Store[] = [
  debianProgram('chromium', 'CHROMIUM_PATH', 'chromium'),
  debianProgram('redis-server', 'REDIS_SERVER_PATH', 'redis-server'),
  debianProgram('postgresql-15', 'PG_CTL_15_PATH', 'postgresql-15'),
  debianProgram('haproxy', 'HAPROXY_PATH', 'haproxy'),
  debianProgram('pgbouncer', 'PGBOUNCER_PATH', 'pgbouncer'),
  debianProgram('promtool', 'PROMTOOL_PATH', 'prometheus'),
  stripeMock,
  elasticsearch,
  schemathesis,
  clientGenerators,
  { name: 'deno', provide: provideDeno },
  { name: 'k6', provide: async () => ((await findOrBuildK6()) ? { variables: {}, stop: async () => {} } : null) },
]

/** Without npm, or a registry, there is none. */
async function provideDeno(): Promise<ProvidedStore | null> {
  try {
    findOrInstallRuntimes()
    return { variables: {}, stop: async () => {} }
  } catch (error) {
    console.log((error as Error).message)
    return null
  }
}

/** A test waits for conditions, not for time; this only ends one that waits for ever. */
const TEST_TIMEOUT_MS = 120_000

type Counts = { passed: number; failed: number }

/** Runs the tests; answers the exit code. */
async function main(args: string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-test-'))
  // Held for the whole run, so that the files do not start and stop a server each.
  const database = process.env.DATABASE_URL ? null : await openEmbedded()
  const provided = await provideStores(args)
  try {
    const code = await runTests(args, folder, provided)
    return report(code, readCounts(join(folder, 'junit.xml')), readMissing(join(folder, 'missing')))
  } finally {
    for (const { stop } of provided) await stop()
    await database?.release()
    rmSync(folder, { recursive: true })
  }
}

/** A run of chosen files is somebody at work: nothing is installed for it. */
async function provideStores(args: string[]): Promise<ProvidedStore[]> {
  if (args.some((arg) => !arg.startsWith('-'))) return []
  const provided: ProvidedStore[] = []
  for (const store of stores) {
    const one = await store.provide()
    if (one) provided.push(one)
  }
  return provided
}

async function runTests(args: string[], folder: string, provided: ProvidedStore[]): Promise<number> {
  const report = ['--reporter=junit', `--reporter-outfile=${join(folder, 'junit.xml')}`]
  const tests = Bun.spawn([process.execPath, 'test', `--timeout=${TEST_TIMEOUT_MS}`, ...report, ...args], {
    cwd: projectRoot,
    env: {
      ...process.env,
      ...Object.assign({}, ...provided.map((one) => one.variables)),
      STALLWRIGHT_MISSING_FILE: join(folder, 'missing'),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // Ctrl-C reaches the tests by themselves; whoever ends only this process means them, too.
  const end = () => tests.kill('SIGTERM')
  process.on('SIGINT', () => {})
  process.on('SIGTERM', end)
  return await tests.exited
}

/** The totals of Bun's JUnit report; zeros where it wrote none. */
function readCounts(file: string): Counts {
  const totals = existsSync(file) ? (/<testsuites [^>]*>/.exec(readFileSync(file, 'utf8'))?.[0] ?? '') : ''
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(totals)?.[1] ?? 0)
  const failed = count('failures')
  return { passed: count('tests') - failed - count('skipped'), failed }
}

/** What tests found missing, each once. */
function readMissing(file: string): string[] {
  return existsSync(file) ? [...new Set(readFileSync(file, 'utf8').trim().split('\n'))] : []
}

function report(code: number, { passed, failed }: Counts, missing: string[]): number {
  const must_have_all = process.env.CI === 'true'
  const isExcused = (line: string) => excused.has(line.split(':', 1)[0] as string)
  list(
    'Not tested, because it is missing:',
    missing.filter((line) => !isExcused(line)),
  )
  list('Not tested here, which is no failure:', missing.filter(isExcused))
  // A file that cannot even be loaded is in no report.
  const unreported = code !== 0 && failed === 0 ? 1 : 0
  const failures = failed + unreported + (must_have_all ? missing.filter((line) => !isExcused(line)).length : 0)
  console.log(`\n${passed} passed, ${failures} failed`)
  return failures === 0 ? 0 : 1
}

function list(heading: string, lines: string[]): void {
  if (lines.length > 0) console.log(`\n${heading}\n${lines.map((line) => `  ${line}`).join('\n')}`)
}

/** Takes `--runtime` out of the arguments: the server of the tests is told by its variable. */
function chooseRuntime(args: string[]): string[] {
  const place = args.indexOf('--runtime')
  if (place < 0) return args
  process.env.STALLWRIGHT_RUNTIME = args[place + 1] ?? ''
  findOrInstallRuntimes()
  const others = args.toSpliced(place, 2)
  return others.some((arg) => !arg.startsWith('-')) ? others : [...others, ...findHttpTests()]
}

/** The tests that speak to the server that they share. */
function findHttpTests(): string[] {
  const names = [...new Glob('{src,apps,bench,client,test}/**/*.test.ts').scanSync(projectRoot)].sort()
  return names.filter((name) => /\b(startServer|openStall)\(/.test(readFileSync(join(projectRoot, name), 'utf8')))
}

process.exit(await main(chooseRuntime(process.argv.slice(2))))
