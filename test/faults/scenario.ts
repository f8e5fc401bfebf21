import { type Requirement, requires } from '../support/requirements.ts'
import { type Mutant, StaleMutant } from './mutants.ts'

/** A fault-injection test of the whole service, on real processes and a real database. */
export type Scenario = {
  name: string
  /** The promise under test, in one line. */
  claim: string
  /** Without these programs the scenario does not run. */
  needs?: Requirement[]
  /** Injects the faults, reports each violation to `run.fail`, and returns its counts in words. */
  test: (run: Run) => Promise<string>
}

/** One run of a scenario. */
export type Run = {
  /** Runs a tenth of each count. */
  short: boolean
  seed: number
  /** The number of API processes on one port. */
  processes: number
  /** The safeguard that each database of this run lacks, so that the scenario must fail. */
  mutant: Mutant | null
  /** Records a violation of the claim. */
  fail: (finding: string) => void
  /** Records a part that this machine cannot run, because it lacks a program or a server. */
  skip: (what: string) => void
  /** Calls `end` when the run is over, in reverse order of these calls. */
  defer: (end: () => Promise<void>) => void
  progress: (done: number, total: number, figures: string) => void
}

/** `skipped` is empty if the machine could run every part. */
export type Result = { scenario: string; figures: string; duration_s: number; findings: string[]; skipped: string[] }

/** The settings of a run that its caller chooses. */
export type RunOptions = Pick<Run, 'short' | 'seed' | 'processes' | 'mutant' | 'progress'>

/** Runs a scenario, then ends everything that it started. An error that ends the scenario is a finding, too. */
export async function runScenario(scenario: Scenario, options: RunOptions, ends: (() => Promise<void>)[] = []): Promise<Result> {
  const findings = new Set<string>()
  const skipped = new Set<string>()
  const run: Run = {
    ...options,
    fail: (finding) => findings.add(finding),
    skip: (what) => skipped.add(what),
    defer: (end) => ends.push(end),
  }
  const began = performance.now()
  try {
    const figures = await testIfPossible(scenario, run)
    const duration_s = (performance.now() - began) / 1000
    return { scenario: scenario.name, figures, duration_s, findings: [...findings], skipped: [...skipped] }
  } finally {
    await endAll(ends)
  }
}

async function testIfPossible({ needs = [], test }: Scenario, run: Run): Promise<string> {
  const missing = needs.filter((program) => !requires(program))
  if (missing.length > 0) {
    run.skip(`everything (no ${missing.join(', no ')})`)
    return 'not run'
  }
  try {
    return await test(run)
  } catch (error) {
    if (error instanceof StaleMutant) throw error
    run.fail(`the scenario broke off: ${error instanceof Error ? error.message : String(error)}`)
    return 'broken off'
  }
}

/** Calls the functions in reverse order. If one fails, the others still run. */
export async function endAll(ends: (() => Promise<void>)[]): Promise<void> {
  for (const end of ends.splice(0).reverse()) {
    await end().catch((error) => console.error(`Not ended cleanly: ${(error as Error).message}`))
  }
}

/** Returns `full`, or a tenth of it in the short form, but at least `least`. */
export function countFor(run: Run, full: number, least = 1): number {
  return run.short ? Math.max(Math.ceil(full / 10), least) : full
}
