import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'

const rebuildProductPopularity = routine('rebuild_product_popularity', {}, { rebuild_product_popularity: Type.Integer() })

/** Recomputes which listings are popular. Scheduled every 15 minutes. */
export const rebuildPopularity: JobHandler = async (_data, { sql, log }) => {
  const { rebuild_product_popularity: listings } = await rebuildProductPopularity.one(sql, {})
  log.info({ listings }, 'rebuilt the popularity scores')
}
