/** The results of the scenarios: a table for the terminal, and the figures in docs/PROOF.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { type Mutant, mutants } from './mutants.ts'
import type { Result } from './scenario.ts'
import { scenarios } from './scenarios.ts'

/** The result of a mutant: its scenario and the first finding. `finding` is null if the scenario noticed nothing. */
export type MutantResult = { mutant: Mutant; scenario: string; duration_s: number; finding: string | null }

const FILE = join(projectRoot, 'docs', 'PROOF.md')

/** Renders one line for each scenario, followed by its findings (at most 10) and the parts that did not run. */
export function renderResults(results: Result[]): string {
  const width = Math.max(...results.map(({ scenario }) => scenario.length))
  const rows = results.flatMap((result) => [
    [result.scenario.padEnd(width), judge(result).padEnd(8), describeDuration(result), result.figures].join('  '),
    ...result.findings.slice(0, 10).map((finding) => `  ! ${finding}`),
    ...(result.findings.length > 10 ? [`  ! and ${result.findings.length - 10} more`] : []),
    ...result.skipped.map((what) => `  ? not run: ${what}`),
  ])
  return rows.join('\n')
}

const describeDuration = ({ duration_s }: Result) => `${duration_s.toFixed(1).padStart(7)} s`

/** Renders one line for each mutant, with its scenario and the first finding. */
export function renderMutants(results: MutantResult[]): string {
  const width = Math.max(...results.map(({ mutant }) => mutant.name.length))
  const found = ({ scenario, finding }: MutantResult) =>
    finding === null ? `NOT NOTICED by ${scenario}` : `${scenario}: ${finding}`
  return results.map((result) => `${result.mutant.name.padEnd(width)}  ${found(result)}`).join('\n')
}

/** Writes the figures of a full run into docs/PROOF.md. The other scenarios keep their rows. */
export function writeScenarioFigures(result: Result): void {
  const when = new Date().toISOString().slice(0, 10)
  const notes = [...result.findings.slice(0, 3), ...result.skipped.map((what) => `not run: ${what}`)]
  const figures = forTable([result.figures, ...notes].join('; '))
  const row = `| \`${result.scenario}\` | ${figures} | ${result.duration_s.toFixed(0)} s | ${judge(result)} | ${when} |`
  replaceRows('figures', new Map([[result.scenario, row]]), scenarios)
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Bun ${Bun.version}`
  replaceBlock(
    'machine',
    `Machine: ${machine}, PostgreSQL of the embedded server unless DATABASE_URL was set. Command: \`bun run prove\`.`,
  )
}

/** Writes the result of each mutant into docs/PROOF.md. */
export function writeMutantFigures(results: MutantResult[]): void {
  const rows = results.map(({ mutant: { name, without }, scenario, duration_s, finding }): [string, string] => {
    const found = forTable(finding ?? 'nothing: not noticed')
    return [name, `| \`${name}\` | ${without} | \`${scenario}\` | ${found} | ${duration_s.toFixed(0)} s |`]
  })
  replaceRows('mutants', new Map(rows), mutants)
}

/** Returns whether the scenario fails, holds, or holds in the parts that this machine could run. */
function judge({ findings, skipped }: Result): string {
  if (findings.length > 0) return 'FAILS'
  return skipped.length > 0 ? 'holds, in part' : 'holds'
}

/** Replaces these rows of a table, in this order of names. The other rows and the head stay. */
function replaceRows(block: string, rows: Map<string, string>, order: { name: string }[]): void {
  const [before, after] = findBlock(readFileSync(FILE, 'utf8'), block)
  const lines = readFileSync(FILE, 'utf8').slice(before, after).trim().split('\n')
  const known = new Map(lines.slice(2).map((line) => [/^\| `(\w+)` /.exec(line)?.[1] ?? '', line]))
  const ordered = order.flatMap(({ name }) => rows.get(name) ?? known.get(name) ?? [])
  replaceBlock(block, [...lines.slice(0, 2), ...ordered].join('\n'))
}

function replaceBlock(block: string, content: string): void {
  const text = readFileSync(FILE, 'utf8')
  const [before, after] = findBlock(text, block)
  writeFileSync(FILE, `${text.slice(0, before)}\n${content}\n${text.slice(after)}`)
}

/** Returns the places between the two comments that enclose the block. */
function findBlock(text: string, block: string): [from: number, to: number] {
  const opening = `<!-- ${block}: written by bun run prove -->`
  const [from, to] = [text.indexOf(opening) + opening.length, text.indexOf(`<!-- end of ${block} -->`)]
  if (from < opening.length || to < from) throw new Error(`docs/PROOF.md has no block ${block}. Restore its two comments.`)
  return [from, to]
}

function forTable(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').slice(0, 1200)
}
