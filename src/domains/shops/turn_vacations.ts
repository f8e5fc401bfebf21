import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'

const turnVacations = routine('turn_vacations', {}, { shop_id: Type.Integer(), is_on_vacation: Type.Boolean() })

/** Begins and ends the vacations whose dates have come. Scheduled every five minutes. */
export const turnDueVacations: JobHandler = async (_data, { sql, log }) => {
  const turned = await turnVacations.many(sql, {})
  if (turned.length > 0) log.info({ shops: turned.length }, 'began or ended vacations')
}
