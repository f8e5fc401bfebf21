import { type Break, BreakMisfit } from './breaks.ts'

/** A claim about the whole service, tested on real processes and a real database. */
export type Proof = {
  name: string
  /** The claim in one line. */
  claim: string
  /** Tests the claim and returns its counts in words. Reports each contradiction to `trial.contradict`. */
  run: (trial: Trial) => Promise<string>
}

/** One run of a proof. */
export type Trial = {
  /** Runs a tenth of each count. */
  short: boolean
  seed: number
  /** The number of API processes of a stage, on one port. */
  processes: number
  /** The invariant that each database of this trial lacks, so that the proof must fail. */
  broken: Break | null
  /** Records a finding that contradicts the claim. */
  contradict: (finding: string) => void
  /** Records a part that this machine cannot run, because it lacks a program or a server. */
  leaveOut: (what: string) => void
  /** Calls `end` when the trial is over, in reverse order of these calls. */
  later: (end: () => Promise<void>) => void
  progress: (done: number, total: number, figures: string) => void
}

/** The result of a trial. `missing` is empty if the machine could run every part. */
export type Verdict = { proof: string; figures: string; duration_s: number; findings: string[]; missing: string[] }

/** The settings of a trial that its caller chooses. */
export type Terms = Pick<Trial, 'short' | 'seed' | 'processes' | 'broken' | 'progress'>

/** Runs a proof, then ends everything that it started. An error that ends the trial is a finding, too. */
export async function tryProof(proof: Proof, terms: Terms, ends: (() => Promise<void>)[] = []): Promise<Verdict> {
  const findings = new Set<string>()
  const missing = new Set<string>()
  const trial: Trial = {
    ...terms,
    contradict: (finding) => findings.add(finding),
    leaveOut: (what) => missing.add(what),
    later: (end) => ends.push(end),
  }
  const began = performance.now()
  try {
    const figures = await proof.run(trial).catch((error: unknown) => {
      if (error instanceof BreakMisfit) throw error
      trial.contradict(`the trial broke off: ${error instanceof Error ? error.message : String(error)}`)
      return 'broken off'
    })
    const duration_s = (performance.now() - began) / 1000
    return { proof: proof.name, figures, duration_s, findings: [...findings], missing: [...missing] }
  } finally {
    await endAll(ends)
  }
}

/** Calls the functions in reverse order. If one fails, the others still run. */
export async function endAll(ends: (() => Promise<void>)[]): Promise<void> {
  for (const end of ends.splice(0).reverse()) {
    await end().catch((error) => console.error(`Not ended cleanly: ${(error as Error).message}`))
  }
}

/** Returns `full`, or a tenth of it in the short form, but at least `least`. */
export function countFor(trial: Trial, full: number, least = 1): number {
  return trial.short ? Math.max(Math.ceil(full / 10), least) : full
}
