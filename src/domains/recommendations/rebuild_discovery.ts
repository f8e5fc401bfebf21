import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'

const rebuildProductPopularity = routine('rebuild_product_popularity', {}, { rebuild_product_popularity: Type.Integer() })
const rebuildProductNeighbors = routine('rebuild_product_neighbors', {}, { rebuild_product_neighbors: Type.Integer() })

/** Works out again what is popular now. Scheduled every 15 minutes. */
export const rebuildPopularity: JobHandler = async (_data, { sql, log }) => {
  const { rebuild_product_popularity: listings } = await rebuildProductPopularity.one(sql, {})
  log.info({ listings }, 'rebuilt the popularity scores')
}

/** Works out again which listings the same people like. Scheduled every night. */
export const rebuildNeighbors: JobHandler = async (_data, { sql, log }) => {
  const { rebuild_product_neighbors: pairs } = await rebuildProductNeighbors.one(sql, {})
  log.info({ pairs }, 'rebuilt the neighbors of listings')
}
