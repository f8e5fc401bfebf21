import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'

const rebuildShopStatistics = routine('rebuild_shop_statistics', {}, { rebuild_shop_statistics: Type.Integer() })

/** Works out the last days of all shops again. Scheduled every 15 minutes; whatever a missed run left, the next one takes. */
export const rebuildStatistics: JobHandler = async (_data, { sql, log }) => {
  const { rebuild_shop_statistics: rows } = await rebuildShopStatistics.one(sql, {})
  log.info({ rows }, 'computed the statistics of shops')
}
