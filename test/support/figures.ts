/** Returns p50, p95 and p99 of times in milliseconds, as one text. */
export function describeTimes(times_ms: number[]): string {
  const at = (share: number) => percentile(times_ms, share).toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms over ${times_ms.length} calls`
}

/** Returns the value below which this share of the values lies, or 0 if there are no values. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export function median(values: number[]): number {
  return percentile(values, 0.5)
}

/** Returns the median of several rounds, with the least and the greatest in parentheses. */
export function describeSpread(values: number[], digits = 0): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `${median(values).toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`
}

/** Returns the number of times that each value occurs. */
export function countEach<T>(values: T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Returns a text like `12 × 201, 3 × 409`. */
export function describeCounts(counts: Map<number | string, number>): string {
  return [...counts].map(([value, count]) => `${count} × ${value}`).join(', ')
}
