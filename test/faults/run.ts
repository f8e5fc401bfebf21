/**
 * `bun run prove`: tests what the service promises about money, stock and fresh pages on real processes, under injected faults.
 * `--break` checks that the scenarios can fail.
 */
import { openProgress, type Progress } from '../../src/commands/progress.ts'
import { openDatabase } from '../../src/deploy/open_database.ts'
import { readArguments, readWhole, runCommand, UsageError } from '../../src/platform/arguments.ts'
import { findMutant, mutants } from './mutants.ts'
import { type MutantResult, renderMutants, renderResults, writeMutantFigures, writeScenarioFigures } from './report.ts'
import { endAll, type Result, type RunOptions, runScenario, type Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

const usage = `Usage: bun run prove [name ...] [--short] [--seed N] [--processes N] [--break=<mutant>|every]

Runs the scenarios of those names, or all of them, each on a database and processes of its own, and prints a table. Exit code 1
if a scenario fails. --short runs a tenth of each count. A full run writes its figures into docs/PROOF.md. --processes starts
that number of API processes on one port (Linux). Such a run writes nothing.

--break removes a safeguard from the database of the run. The scenarios that must notice it have to fail, and the exit code is 1.
--break=every does so with each safeguard in turn, in the short form. Exit code 0 only if every removal was noticed.

Scenarios:
${scenarios.map(({ name, claim }) => `  ${name.padEnd(12)}${claim}`).join('\n')}

Mutants:
${mutants.map(({ name, without }) => `  ${name.padEnd(16)}without ${without}`).join('\n')}`

type Options = Omit<RunOptions, 'progress'>

/** Ends what the current run has started. A signal calls these functions before the process exits. */
const ends: (() => Promise<void>)[] = []

await runCommand(usage, async () => {
  const { chosen, every, options } = readOptions()
  // This command keeps the server open, so that each scenario does not start and stop its own.
  const server = await openDatabase(process.env.DATABASE_URL)
  const leave = (code: number) =>
    void endAll(ends)
      .then(server.release)
      .finally(() => process.exit(code))
  process.once('SIGINT', () => leave(130))
  process.once('SIGTERM', () => leave(143))
  try {
    return every ? await runMutants(options.seed) : await runChosen(chosen, options)
  } finally {
    await server.release()
  }
})

async function runChosen(chosen: Scenario[], options: Options): Promise<number> {
  const { short, processes, mutant } = options
  const results: Result[] = []
  for (const scenario of chosen) {
    const result = await runOne(scenario, options)
    results.push(result)
    // An interruption can end a run of hours: each result is printed at once, and all results again at the end.
    if (chosen.length > 1) console.log(renderResults([result]))
    if (!short && !mutant && processes === 1) writeScenarioFigures(result)
  }
  console.log(renderResults(results))
  const failed = results.some(({ findings }) => findings.length > 0)
  if (mutant && !failed) console.log(`No scenario noticed the mutant ${mutant.name}.`)
  return failed ? 1 : 0
}

/** Runs each mutant with the scenario that notices it first. */
async function runMutants(seed: number): Promise<number> {
  const results: MutantResult[] = []
  for (const mutant of mutants) {
    const scenario = scenarios.find(({ name }) => name === mutant.killed_by[0]) as Scenario
    const { findings, duration_s } = await runOne(scenario, { short: true, seed, processes: 1, mutant })
    results.push({ mutant, scenario: scenario.name, duration_s, finding: findings[0] ?? null })
  }
  console.log(renderMutants(results))
  writeMutantFigures(results)
  return results.every(({ finding }) => finding !== null) ? 0 : 1
}

async function runOne(scenario: Scenario, options: Options): Promise<Result> {
  console.error(`${scenario.name}: ${scenario.claim}${options.mutant ? ` (without ${options.mutant.without})` : ''}`)
  let bar: { progress: Progress; total: number } | undefined
  const progress = (done: number, total: number, figures: string) => {
    // A scenario of several parts has a count for each part.
    if (bar?.total !== total) {
      bar?.progress.end()
      bar = { progress: openProgress(total, scenario.name), total }
    }
    bar.progress.update(done, figures)
  }
  try {
    return await runScenario(scenario, { ...options, progress }, ends)
  } finally {
    bar?.progress.end()
  }
}

function readOptions(): { chosen: Scenario[]; every: boolean; options: Options } {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({ short: { type: 'boolean' }, seed: text, processes: text, break: text })
  const names = scenarios.map(({ name }) => name)
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new UsageError(`There is no scenario ${unknown}`)
  const every = values.break === 'every'
  const mutant = (every ? null : findMutant(String(values.break))) ?? null
  if (values.break !== undefined && !every && !mutant) throw new UsageError(`There is no mutant ${values.break}`)
  const wanted = positionals.length > 0 ? positionals : (mutant?.killed_by ?? names)
  const random_seed = (crypto.getRandomValues(new Uint32Array(1))[0] ?? 1) % 2 ** 31
  const seed = values.seed === undefined ? random_seed : readWhole('seed', values.seed, 0, 2 ** 31 - 1)
  const processes = readWhole('processes', values.processes ?? '1', 1, 16)
  const chosen = scenarios.filter(({ name }) => wanted.includes(name))
  return { chosen, every, options: { short: values.short === true, seed, processes, mutant } }
}
