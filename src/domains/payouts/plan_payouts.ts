import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'

/** A batch keeps the sales of its shops waiting until it commits. */
const BATCH_SIZE = 500
const releaseEarnings = routine('release_earnings', { max_orders: Type.Integer() }, { release_earnings: Type.Integer() })
const planPayouts = routine('plan_payouts', { max_shops: Type.Integer() }, { plan_payouts: Type.Integer() })

/** Makes the earnings of orders whose time has passed available. Scheduled every hour. */
export const releaseDue: JobHandler = async (_data, { sql, log }) => {
  const release = async () => (await releaseEarnings.one(sql, { max_orders: BATCH_SIZE })).release_earnings
  const orders = await repeatBatches(release)
  if (orders > 0) log.info({ orders }, 'released the earnings of orders')
}

/** Plans the payouts of all shops that are owed one. Scheduled every day. */
export const planDue: JobHandler = async (_data, { sql, log }) => {
  const plan = async () => (await planPayouts.one(sql, { max_shops: BATCH_SIZE })).plan_payouts
  const payouts = await repeatBatches(plan)
  if (payouts > 0) log.info({ payouts }, 'planned payouts')
}

/** Repeats a batch until one is not full. Returns the sum. */
async function repeatBatches(batch: () => Promise<number>): Promise<number> {
  let sum = 0
  for (let done = BATCH_SIZE; done === BATCH_SIZE; sum += done) done = await batch()
  return sum
}
