import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import { repeatBatches } from '../../platform/jobs/repeat.ts'

/** A batch keeps the sales of its shops waiting until it commits. */
const BATCH_SIZE = 500
const releaseEarnings = routine('release_earnings', { max_orders: Type.Integer() }, { release_earnings: Type.Integer() })

/** Makes the earnings of orders whose time has passed available. Scheduled every hour. */
export const releaseDue: JobHandler = async (_data, { sql, log }) => {
  const release = async () => (await releaseEarnings.one(sql, { max_orders: BATCH_SIZE })).release_earnings
  const orders = await repeatBatches(release)
  if (orders > 0) log.info({ orders }, 'released the earnings of orders')
}
