import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import type { K6Run } from './run_k6.ts'
import type { StatementFigures } from './statement_watch.ts'

/** The result of one run. */
export type LoadResult = Omit<K6Run, 'exit_code'> & {
  suite: string
  profile: string
  began_at: string
  commit: string
  machine: string
  about: string[]
  /** The address of a given service. Null for a stack of this run. */
  target: string | null
  /** Descriptions of the listings whose stock does not add up. */
  oversold: string[]
  /** The most expensive first. Empty if the server does not count statements. */
  statements: StatementFigures[]
}

const FOLDER = join(projectRoot, '.data', 'loadtest')

/** Writes the result, its report, and the chart of a stress run's steps. Returns the path of the report. */
export function keepResult(result: LoadResult, html: string, steps_svg: string | null): string {
  mkdirSync(FOLDER, { recursive: true })
  const name = join(FOLDER, `${result.suite}-${result.profile}-${result.began_at.replaceAll(/[:.]/g, '-')}`)
  writeFileSync(`${name}.json`, JSON.stringify(result))
  writeFileSync(`${name}.html`, html)
  if (steps_svg) writeFileSync(`${name}.svg`, steps_svg)
  return `${name}.html`
}

/** Returns the last kept result of the same suite, profile and target, or null if the folder has no such result. */
export function findPrevious({ suite, profile, target }: LoadResult): LoadResult | null {
  if (!existsSync(FOLDER)) return null
  // The names contain the time, so their order is the order of the runs.
  const names = readdirSync(FOLDER).filter((name) => name.startsWith(`${suite}-${profile}-`) && name.endsWith('.json'))
  for (const name of names.sort().reverse()) {
    const result = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as LoadResult
    if (result.target === target) return result
  }
  return null
}

/** Returns the checked-out commit, with a + if files differ from it. */
export function describeCommit(): string {
  const git = (...args: string[]) =>
    Bun.spawnSync(['git', ...args], { cwd: projectRoot })
      .stdout.toString()
      .trim()
  return `${git('rev-parse', '--short', 'HEAD') || 'no git'}${git('status', '--porcelain') ? '+' : ''}`
}

export function describeMachine(): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Bun ${Bun.version}`
}
