import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'

const rebuildProductNeighbors = routine('rebuild_product_neighbors', {}, { rebuild_product_neighbors: Type.Integer() })

/** Recomputes which listings the same people like. Scheduled every night. */
export const rebuildNeighbors: JobHandler = async (_data, { sql, log }) => {
  const { rebuild_product_neighbors: pairs } = await rebuildProductNeighbors.one(sql, {})
  log.info({ pairs }, 'rebuilt the neighbors of listings')
}
