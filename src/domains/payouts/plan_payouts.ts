import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import { repeatBatches } from '../../platform/jobs/repeat.ts'

/** A batch keeps the sales of its shops waiting until it commits. */
const BATCH_SIZE = 500
const planPayouts = routine('plan_payouts', { max_shops: Type.Integer() }, { plan_payouts: Type.Integer() })

/** Plans the payouts of all shops that are owed one. Scheduled every day. */
export const planDue: JobHandler = async (_data, { sql, log }) => {
  const plan = async () => (await planPayouts.one(sql, { max_shops: BATCH_SIZE })).plan_payouts
  const payouts = await repeatBatches(plan)
  if (payouts > 0) log.info({ payouts }, 'planned payouts')
}
