/** The results of the proofs: a table for the terminal, and the figures in docs/PROOF.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { breaks } from './breaks.ts'
import { proofs } from './proofs.ts'
import type { Verdict } from './trial.ts'

/** The result of a sabotage: its proof, and the first finding of that proof. `finding` is null if the proof noticed nothing. */
export type BreakVerdict = { name: string; proof: string; duration_s: number; finding: string | null }

const FILE = join(projectRoot, 'docs', 'PROOF.md')

/** Returns the verdict in words: the proof fails, holds, or holds in the parts that this machine could run. */
export function judge({ findings, missing }: Verdict): string {
  if (findings.length > 0) return 'FAILS'
  return missing.length > 0 ? 'holds, not all tried' : 'holds'
}

/** Renders one line for each proof, followed by its findings (at most 10) and the parts that did not run. */
export function renderVerdicts(verdicts: Verdict[]): string {
  const width = Math.max(...verdicts.map(({ proof }) => proof.length))
  const rows = verdicts.flatMap((verdict) => [
    `${verdict.proof.padEnd(width)}  ${judge(verdict).padEnd(8)}  ${verdict.duration_s.toFixed(1).padStart(7)} s  ${verdict.figures}`,
    ...verdict.findings.slice(0, 10).map((finding) => `  ! ${finding}`),
    ...(verdict.findings.length > 10 ? [`  ! and ${verdict.findings.length - 10} more`] : []),
    ...verdict.missing.map((what) => `  ? not tried: ${what}`),
  ])
  return rows.join('\n')
}

/** Renders one line for each sabotage, with its proof and the first finding. */
export function renderBreaks(verdicts: BreakVerdict[]): string {
  const width = Math.max(...verdicts.map(({ name }) => name.length))
  return verdicts
    .map(
      ({ name, proof, finding }) =>
        `${name.padEnd(width)}  ${finding === null ? `NOT NOTICED by ${proof}` : `${proof}: ${finding}`}`,
    )
    .join('\n')
}

/** Writes the figures of a full run into docs/PROOF.md. The other proofs keep their rows. */
export function writeProofFigures(verdict: Verdict): void {
  const when = new Date().toISOString().slice(0, 10)
  const notes = [...verdict.findings.slice(0, 3), ...verdict.missing.map((what) => `not tried: ${what}`)]
  const figures = forTable([verdict.figures, ...notes].join('; '))
  const row = `| \`${verdict.proof}\` | ${figures} | ${verdict.duration_s.toFixed(0)} s | ${judge(verdict)} | ${when} |`
  const order = proofs.map(({ name }) => name)
  replaceTable('figures', ['proof', 'counts', 'took', 'verdict', 'run on'], new Map([[verdict.proof, row]]), order)
  replaceBlock('machine', `Machine: ${describeMachine()}. Command: \`bun run prove\`.`)
}

/** Writes the result of each sabotage into docs/PROOF.md. */
export function writeBreakFigures(verdicts: BreakVerdict[]): void {
  const rows = new Map(
    verdicts.map(({ name, proof, duration_s, finding }) => {
      const without = breaks.find((one) => one.name === name)?.without ?? ''
      return [
        name,
        `| \`${name}\` | ${without} | \`${proof}\` | ${forTable(finding ?? 'nothing: not noticed')} | ${duration_s.toFixed(0)} s |`,
      ]
    }),
  )
  replaceTable(
    'breaks',
    ['break', 'taken out', 'proof', 'what it found first', 'took'],
    rows,
    breaks.map(({ name }) => name),
  )
}

function replaceTable(block: string, head: string[], rows: Map<string, string>, order: string[]): void {
  const known = new Map(readBlock(block).map((line) => [/^\| `(\w+)` /.exec(line)?.[1] ?? '', line]))
  const lines = order.flatMap((name) => rows.get(name) ?? known.get(name) ?? [])
  replaceBlock(block, [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...lines].join('\n'))
}

const opening = (block: string) => `<!-- ${block}: written by bun run prove -->`
const closing = (block: string) => `<!-- end of ${block} -->`

function readBlock(block: string): string[] {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''
  return text.slice(text.indexOf(opening(block)), text.indexOf(closing(block))).split('\n')
}

function replaceBlock(block: string, content: string): void {
  const text = readFileSync(FILE, 'utf8')
  const [from, to] = [text.indexOf(opening(block)), text.indexOf(closing(block))]
  if (from < 0 || to < from) throw new Error(`docs/PROOF.md has lost the place for its ${block}`)
  writeFileSync(FILE, `${text.slice(0, from)}${opening(block)}\n${content}\n${text.slice(to)}`)
}

function describeMachine(): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Bun ${Bun.version}, PostgreSQL of the embedded server unless DATABASE_URL was set`
}

function forTable(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').slice(0, 1200)
}
