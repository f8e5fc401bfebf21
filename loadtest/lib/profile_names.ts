/** `smoke` checks that every call works; `load` is a busy hour; `stress` finds the maximum rate; see README for all of them. */
export const PROFILES = ['smoke', 'load', 'stress', 'spike', 'soak'] as const
