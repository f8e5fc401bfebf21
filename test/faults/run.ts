/**
 * `bun run prove`: tests what the service promises about money, stock and fresh pages on real processes. It also checks that each
 * proof can fail.
 */

import { openProgress, type Progress } from '../../src/commands/progress.ts'
import { openDatabase } from '../../src/deploy/open_database.ts'
import { readArguments, readWhole, runCommand, UsageError } from '../../src/platform/arguments.ts'
import { type Break, breaks, findBreak } from './breaks.ts'
import { proofs } from './proofs.ts'
import { type BreakVerdict, renderBreaks, renderVerdicts, writeBreakFigures, writeProofFigures } from './report.ts'
import { endAll, type Proof, tryProof, type Verdict } from './trial.ts'

const usage = `Usage: bun run prove [name ...] [--short] [--seed N] [--processes N] [--break=<invariant>|every]

Tries the proofs of those names, or all of them, each on a database and processes of its own, and ends with a table. Exit
code 1 when anything contradicts them. --short runs a tenth of each count. A full run writes its figures into docs/PROOF.md.
--processes has the API be so many processes on one port (Linux); such a run writes nothing.

--break takes an invariant out of the trial's database: then the proofs that watch it must fail, and the exit code is 1.
--break=every does so with each in turn, in the short form, and exits with 0 only when each was noticed.

Proofs:
${proofs.map(({ name, claim }) => `  ${name.padEnd(12)}${claim}`).join('\n')}

Invariants:
${breaks.map(({ name, without }) => `  ${name.padEnd(16)}without ${without}`).join('\n')}`

type Options = { chosen: Proof[]; broken: Break | null; every: boolean; short: boolean; seed: number; processes: number }

/** Ends what the current trial has started. A signal runs these functions before the process exits. */
const ends: (() => Promise<void>)[] = []

await runCommand(usage, async () => {
  const options = readOptions()
  // The run keeps the server open, so that each proof does not start and stop its own.
  const server = await openDatabase(process.env.DATABASE_URL)
  const leave = (code: number) =>
    void endAll(ends)
      .then(server.release)
      .finally(() => process.exit(code))
  process.once('SIGINT', () => leave(130))
  process.once('SIGTERM', () => leave(143))
  try {
    return options.every ? await tryBreaks(options) : await tryProofs(options)
  } finally {
    await server.release()
  }
})

async function tryProofs({ chosen, broken, short, seed, processes }: Options): Promise<number> {
  const verdicts: Verdict[] = []
  for (const proof of chosen) {
    const verdict = await tryOne(proof, { short, seed, processes, broken })
    verdicts.push(verdict)
    // An interruption can end a run of hours: each verdict is printed at once, and all verdicts again at the end.
    if (chosen.length > 1) console.log(renderVerdicts([verdict]))
    if (!short && !broken && processes === 1) writeProofFigures(verdict)
  }
  console.log(renderVerdicts(verdicts))
  const failed = verdicts.some(({ findings }) => findings.length > 0)
  if (broken && !failed) console.log(`Nobody noticed that ${broken.name} is broken.`)
  return failed ? 1 : 0
}

/** Runs each sabotage with the proof that notices it first. */
async function tryBreaks({ seed }: Options): Promise<number> {
  const verdicts: BreakVerdict[] = []
  for (const broken of breaks) {
    const proof = proofs.find(({ name }) => name === broken.noticed_by[0]) as Proof
    const { findings, duration_s } = await tryOne(proof, { short: true, seed, processes: 1, broken })
    verdicts.push({ name: broken.name, proof: proof.name, duration_s, finding: findings[0] ?? null })
  }
  console.log(renderBreaks(verdicts))
  writeBreakFigures(verdicts)
  return verdicts.every(({ finding }) => finding !== null) ? 0 : 1
}

type Terms = { short: boolean; seed: number; processes: number; broken: Break | null }

async function tryOne(proof: Proof, terms: Terms): Promise<Verdict> {
  console.error(`${proof.name}: ${proof.claim}${terms.broken ? ` (without ${terms.broken.without})` : ''}`)
  let bar: { progress: Progress; total: number } | undefined
  const progress = (done: number, total: number, figures: string) => {
    // A proof of several parts has a count for each part.
    if (bar?.total !== total) {
      bar?.progress.end()
      bar = { progress: openProgress(total, proof.name), total }
    }
    bar.progress.update(done, figures)
  }
  try {
    return await tryProof(proof, { ...terms, progress }, ends)
  } finally {
    bar?.progress.end()
  }
}

function readOptions(): Options {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({ short: { type: 'boolean' }, seed: text, processes: text, break: text })
  const names = proofs.map(({ name }) => name)
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new UsageError(`There is no proof ${unknown}`)
  const every = values.break === 'every'
  const broken = typeof values.break === 'string' && !every ? (findBreak(values.break) ?? null) : null
  if (values.break !== undefined && !every && !broken) throw new UsageError(`There is no invariant ${values.break}`)
  const wanted = positionals.length > 0 ? positionals : (broken?.noticed_by ?? names)
  const seed =
    values.seed === undefined
      ? (crypto.getRandomValues(new Uint32Array(1))[0] ?? 1)
      : readWhole('seed', values.seed, 0, 2 ** 31 - 1)
  return {
    chosen: proofs.filter(({ name }) => wanted.includes(name)),
    broken,
    every,
    short: values.short === true,
    seed: seed % 2 ** 31,
    processes: readWhole('processes', values.processes ?? '1', 1, 16),
  }
}
