/** What a benchmark found: a line of the report. */
export type Figure = { name: string; value: string }

/** p50, p95 and p99 of times in milliseconds, as one text. */
export function describeTimes(times_ms: number[]): string {
  const sorted = times_ms.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms over ${sorted.length} calls`
}
