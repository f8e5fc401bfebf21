/** What a benchmark found: a line of the report. */
export type Figure = { name: string; value: string }

/** p50, p95 and p99 of times in milliseconds, as one text. */
export function describeTimes(times_ms: number[]): string {
  const at = (share: number) => percentile(times_ms, share).toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms over ${times_ms.length} calls`
}

/** The value that this share of them is below; 0 where there are none. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export function middle(values: number[]): number {
  return percentile(values, 0.5)
}

/** The middle of several rounds, and in brackets the least and the most. */
export function describeSpread(values: number[], digits = 0): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `${middle(values).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`
}
