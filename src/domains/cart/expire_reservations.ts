import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Timestamptz } from '../../platform/db/types.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'

const expireReservationsStatement = routine(
  'expire_reservations',
  {},
  {
    id: Type.Integer(),
    user_id: Type.Integer(),
    product_id: Type.Integer(),
    quantity: Type.Integer(),
    reserved_until: Timestamptz,
  },
)

/** Deletes lines with lapsed holds. Runs every minute; the next run makes up for a missed one. */
export const expireReservations: JobHandler<{ metrics: Metrics }> = async (_data, { sql, metrics, log }) => {
  const expired = await expireReservationsStatement.many(sql, {})
  metrics.add('etsy_reservations_expired_total', {}, expired.length)
  log.info({ count: expired.length }, `Cleaned up ${expired.length} expired reservations`)
}
