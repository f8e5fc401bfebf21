import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import { repeatBatches } from '../../platform/jobs/repeat.ts'

const BATCH_SIZE = 500
const markLateOrders = routine('mark_late_orders', { batch_size: Type.Integer() }, { mark_late_orders: Type.Integer() })

/** Marks orders that were not sent in time, and writes the mails to their sellers. Scheduled every hour. */
export const markLate: JobHandler = async (_data, { sql, log }) => {
  const mark = async () => (await markLateOrders.one(sql, { batch_size: BATCH_SIZE })).mark_late_orders
  const orders = await repeatBatches(mark)
  if (orders > 0) log.info({ orders }, 'marked orders as late')
}
