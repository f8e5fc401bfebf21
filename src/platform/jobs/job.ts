import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** What every job works with. `log` carries the job's id and attempt. */
export type JobContext = { sql: Pool; metrics: Metrics; log: Logger }

/**
 * Works one job; `Needs` is what it uses beside the context. A handler that throws is tried again. It may run twice for one job:
 * a worker that dies late leaves its effects behind.
 */
export type JobHandler<Needs = unknown> = (data: Record<string, unknown>, context: JobContext & Needs) => Promise<void>
