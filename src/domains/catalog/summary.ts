import type { ImportCounts } from './import_rows.ts'

/** The last line of an import. */
export function describeCounts({ rows, created, updated, unchanged, skipped }: ImportCounts, duration_s: number): string {
  const perSecond = Math.round(rows / Math.max(duration_s, 0.001))
  const counts = `${created} created, ${updated} updated, ${unchanged} unchanged, ${skipped} skipped`
  return `${rows} rows: ${counts} in ${duration_s.toFixed(1)} s (${perSecond} rows/s)`
}
