import { type Break, BreakMisfit } from './breaks.ts'

/** A claim about the whole service, tried on real processes and a real database. */
export type Proof = {
  name: string
  /** What holds, in one line. */
  claim: string
  /** Tries it; answers what was counted, in words. What contradicts the claim goes to `trial.contradict`. */
  run: (trial: Trial) => Promise<string>
}

/** One run of a proof. */
export type Trial = {
  /** With a tenth of each count. */
  short: boolean
  seed: number
  /** How many processes the API of a stage is, on one port. */
  processes: number
  /** What is taken out of each database of this trial, to see the proof fail. */
  broken: Break | null
  /** Something that must not be. */
  contradict: (finding: string) => void
  /** What could not be tried because something is not on this machine. */
  leaveOut: (what: string) => void
  /** Has something ended when the trial is over, the last begun first. */
  later: (end: () => Promise<void>) => void
  progress: (done: number, total: number, figures: string) => void
}

/** What came of a trial. `missing` is empty where everything could be tried. */
export type Verdict = { proof: string; figures: string; duration_s: number; findings: string[]; missing: string[] }

/** What a caller decides about a trial. */
export type Terms = Pick<Trial, 'short' | 'seed' | 'processes' | 'broken' | 'progress'>

/** Runs a proof and ends whatever it started. A trial that breaks off has found something, too. */
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

/** Ends what was begun, the last begun first; one end that fails keeps no other from ending. */
export async function endAll(ends: (() => Promise<void>)[]): Promise<void> {
  for (const end of ends.splice(0).reverse()) {
    await end().catch((error) => console.error(`Not ended cleanly: ${(error as Error).message}`))
  }
}

/** So many in the full form, a tenth in the short one, but never fewer than `least`. */
export function countFor(trial: Trial, full: number, least = 1): number {
  return trial.short ? Math.max(Math.ceil(full / 10), least) : full
}
