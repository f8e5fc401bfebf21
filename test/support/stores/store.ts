import type { Requirement } from '../requirements.ts'

/** The environment variables that lead tests to the program of `provide`. */
export type Variables = Record<string, string>

/** An external program that a suite needs. `provide` finds or installs it, and returns null if neither is possible. */
export type Store = { name: Requirement; provide: () => Promise<Variables | null> }
