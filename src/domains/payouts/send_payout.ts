import type { JobHandler } from '../../platform/jobs/job.ts'

/** Asks the provider to pay a planned payout. The provider `manual` is an operator, who sends it by a payout file. */
export const sendPayout: JobHandler = async () => {}
