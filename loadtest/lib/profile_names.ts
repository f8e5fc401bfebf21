/** `smoke` sees that all of it answers; `load` is a busy hour; `stress` looks for the rate that is too much; `spike` and `soak` are what they say. */
export const PROFILES = ['smoke', 'load', 'stress', 'spike', 'soak'] as const
