import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'

const BATCH_SIZE = 500
const markLateOrders = routine('mark_late_orders', { batch_size: Type.Integer() }, { mark_late_orders: Type.Integer() })

/** Marks orders that were not sent in time, and writes the mails to their sellers. Scheduled every hour. */
export const markLate: JobHandler = async (_data, { sql, log }) => {
  let orders = 0
  for (let marked = BATCH_SIZE; marked === BATCH_SIZE; orders += marked) {
    marked = (await markLateOrders.one(sql, { batch_size: BATCH_SIZE })).mark_late_orders
  }
  if (orders > 0) log.info({ orders }, 'marked orders as late')
}
