import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'

/** The services that every job gets. `log` carries the job's id and attempt. */
export type JobContext = { sql: Pool; log: Logger }

/**
 * Works one job. `Needs` has the services that it uses beyond the context. A handler that throws is tried again. It can run twice
 * for one job, because a worker that dies late leaves its effects behind.
 */
export type JobHandler<Needs = unknown> = (data: Record<string, unknown>, context: JobContext & Needs) => Promise<void>
