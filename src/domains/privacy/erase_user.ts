import type { JobHandler } from '../../platform/jobs/job.ts'
import { eraseUserData } from './statements.ts'

/** Deletes the data of a seller who closed the account. A job, because it changes all of their listings. */
export const eraseUser: JobHandler = async ({ user_id }, { sql }) => {
  await eraseUserData.one(sql, { user_id: user_id as number })
}
