/**
 * `bun run test` runs the fast tests on the embedded PostgreSQL, or on the server of DATABASE_URL, and installs nothing.
 * `bun run test <files>` runs these files; `--runtime node` or `deno` has that runtime serve them, or the HTTP
 * tests where no file is named.
 * `bun run test:all` runs everything; with `--rest`, what the last `bun run test` left out. Other options go to `bun test`.
 * The last lines list what is missing. It fails `test:all` where CI=true, unless test/support/requirements.ts excuses it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openEmbedded } from '../src/deploy/embedded.ts'
import { data, openRun, type Pass } from './runner/run.ts'
import { sets } from './runner/sets.ts'
import { provideStores } from './runner/stores.ts'
import { excused, requires } from './support/requirements.ts'
import { findOrInstallRuntimes } from './support/runtimes.ts'
import { openPostgres15 } from './support/stores/postgres_15.ts'

/** The files of the last `bun run test` that missed something: `--rest` runs them again, where it may be installed by then. */
const INCOMPLETE = join(data, 'incomplete_tests.json')
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 }

type Choice = { all: boolean; rest: boolean; runtime: string | null; args: string[] }

/** Runs the chosen tests and returns the exit code. */
async function main(choice: Choice): Promise<number> {
  const ending = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => ending.abort(name))
  // Held for the whole run, so that the workers do not start and stop a server each.
  const embedded = process.env.DATABASE_URL ? null : await openEmbedded()
  const run = openRun(ending.signal)
  let passed = 0
  let failed = 0
  try {
    if (choice.all) await provideStores(ending.signal)
    for await (const pass of passesOf(choice)) {
      if (ending.signal.aborted) break
      if (pass.title) console.log(`\n== ${pass.title}`)
      const counts = await run.test(pass, choice.args)
      passed += counts.passed
      failed += counts.failed
    }
    const missing = run.missing()
    if (isFast(choice)) keepIncomplete(missing.map(({ file }) => file))
    const lines = listMissing(missing.map(({ line }) => line))
    if (choice.all && process.env.CI === 'true') failed += lines
  } finally {
    await run.close(process.env.DATABASE_URL ?? embedded?.url ?? '')
    await embedded?.release()
  }
  const ended = ending.signal.reason as keyof typeof EXIT_CODES | undefined
  console.log(`\n${passed} passed, ${failed} failed`)
  return ended ? EXIT_CODES[ended] : Math.min(failed, 1)
}

async function* passesOf(choice: Choice): AsyncGenerator<Pass> {
  if (choice.all) yield* allPasses(choice.rest)
  else if (choice.runtime) yield { ...onRuntime(choice.runtime), ...(namesFiles(choice) ? { files: [] } : {}) }
  else if (namesFiles(choice)) yield { title: '', files: [], in_turn: true }
  else yield { title: '', files: sets.fast }
}

async function* allPasses(rest: boolean): AsyncGenerator<Pass> {
  const before = rest ? readIncomplete() : sets.fast
  yield { title: 'Tests on the embedded PostgreSQL', files: [...sets.slow, ...before] }
  yield onRuntime('node')
  if (requires('deno')) yield onRuntime('deno')
  if (!requires('postgresql-15')) return
  const server = await openPostgres15({ settings: { max_connections: '200' } })
  try {
    yield { title: 'Database tests on PostgreSQL 15', files: sets.database, variables: { DATABASE_URL: server.url } }
  } finally {
    await server.stop()
  }
}

function onRuntime(name: string): Pass {
  return { title: `HTTP tests on ${name}`, files: sets.http, variables: { STALLWRIGHT_RUNTIME: name } }
}

const namesFiles = ({ args }: Choice): boolean => args.some((arg) => !arg.startsWith('-'))
const isFast = (choice: Choice): boolean => !choice.all && !choice.runtime && !namesFiles(choice)

function keepIncomplete(files: string[]): void {
  writeFileSync(INCOMPLETE, JSON.stringify([...new Set(files)]))
}

/** Where `bun run test` has not run, every fast test is left to run. */
function readIncomplete(): string[] {
  if (!existsSync(INCOMPLETE)) return sets.fast
  const kept: string[] = JSON.parse(readFileSync(INCOMPLETE, 'utf8'))
  return sets.fast.filter((name) => kept.includes(name))
}

/** Lists what was missing, each once, and returns how many of it nothing excuses. */
function listMissing(lines: string[]): number {
  const isExcused = (line: string) => excused.has(line.split(':', 1)[0] as string)
  const once = [...new Set(lines)]
  const unexcused = once.filter((line) => !isExcused(line))
  list('Not tested, because it is missing:', unexcused)
  list('Not tested here, which is no failure:', once.filter(isExcused))
  return unexcused.length
}

function list(heading: string, lines: string[]): void {
  if (lines.length > 0) console.log(`\n${heading}\n${lines.map((line) => `  ${line}`).join('\n')}`)
}

/** Takes the options of this command out of the arguments. */
function readChoice(args: string[]): Choice {
  const place = args.indexOf('--runtime')
  const runtime = place < 0 ? null : (args[place + 1] ?? '')
  const others = place < 0 ? args : args.toSpliced(place, 2)
  const own = ['--all', '--rest']
  return { all: args.includes('--all'), rest: args.includes('--rest'), runtime, args: others.filter((arg) => !own.includes(arg)) }
}

const choice = readChoice(process.argv.slice(2))
if (choice.runtime) findOrInstallRuntimes()
process.exit(await main(choice))
