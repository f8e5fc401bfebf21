import type { Requirement } from '../requirements.ts'

/** The environment by which tests find what `provide` made ready. */
export type Variables = Record<string, string>

/** Something from outside that a suite needs. `provide` finds or installs it, and returns null where neither is possible. */
export type Store = { name: Requirement; provide: () => Promise<Variables | null> }
