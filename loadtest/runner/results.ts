import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import type { K6Run } from './run_k6.ts'
import type { StatementFigures } from './statement_watch.ts'

/** All that is known of one run. */
export type LoadResult = Omit<K6Run, 'exit_code'> & {
  suite: string
  profile: string
  began_at: string
  commit: string
  machine: string
  about: string[]
  /** The address of a service that was there before; null for a stack of the run's own. */
  target: string | null
  /** Listings whose stock does not add up; nothing where all does. */
  oversold: string[]
  /** The dearest first; nothing where the server does not count. */
  statements: StatementFigures[]
}

const FOLDER = join(projectRoot, '.data', 'loadtest')

/** Keeps a result, its report and, of a stress run, the plot of its steps; answers where the report is. */
export function keepResult(result: LoadResult, html: string, steps_svg: string | null): string {
  mkdirSync(FOLDER, { recursive: true })
  const name = join(FOLDER, `${result.suite}-${result.profile}-${result.began_at.replaceAll(/[:.]/g, '-')}`)
  writeFileSync(`${name}.json`, JSON.stringify(result))
  writeFileSync(`${name}.html`, html)
  if (steps_svg) writeFileSync(`${name}.svg`, steps_svg)
  return `${name}.html`
}

/** The last kept result of the same suite, profile and target; null where there is none. */
export function findPrevious({ suite, profile, target }: LoadResult): LoadResult | null {
  if (!existsSync(FOLDER)) return null
  // The time in the names makes their order that of the runs.
  const names = readdirSync(FOLDER).filter((name) => name.startsWith(`${suite}-${profile}-`) && name.endsWith('.json'))
  for (const name of names.sort().reverse()) {
    const result = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as LoadResult
    if (result.target === target) return result
  }
  return null
}

/** The commit that is checked out, with a + where files differ from it. */
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
