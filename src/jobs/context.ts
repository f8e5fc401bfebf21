import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { PaymentGateway } from '../payments/gateway.ts'
import type { PictureStore } from '../pictures/store.ts'
import type { Mailer } from './mailer.ts'

/** What jobs work with. `log` carries the job's id and attempt. */
export type JobContext = {
  sql: Pool
  payments: PaymentGateway
  mailer: Mailer
  pictures: PictureStore
  metrics: Metrics
  log: Logger
}

/** Works one job; throwing has it tried again. May run twice for one job: a worker that dies late leaves its effects behind. */
export type JobHandler = (data: Record<string, unknown>, context: JobContext) => Promise<void>
