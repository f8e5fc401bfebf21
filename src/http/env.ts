import type { Logger } from 'pino'
import type { Pool } from '../db/client.ts'
import type { KeyValue } from '../kv/key_value.ts'
import type { PaymentGateway } from '../payments/gateway.ts'
import type { ViewCounter } from '../products/views.ts'
import type { SearchBackend } from '../search/backend.ts'
import type { PasswordHasher } from '../users/password.ts'

/** What the application is made of. No module holds a connection of its own: an app is what it is given. */
export type Dependencies = {
  sql: Pool
  kv: KeyValue
  search: SearchBackend
  payments: PaymentGateway
  passwords: PasswordHasher
  views: ViewCounter
  log: Logger
  /** Signs page cursors; the same for every process of one database. */
  cursor_secret: Uint8Array
  /** Multiplies every rate limit. */
  rate_limit_scale: number
  /** Checks each answer against its declared schema; on in tests. */
  check_answers: boolean
}

/** Hono's environment: the dependencies, and what middleware finds out about one request. */
export type Env = {
  Bindings: { address?: string }
  Variables: Dependencies & {
    request_id: string
    /** Who is signed in; 0 on calls that need nobody. */
    user_id: number
    token_hash: Uint8Array
  }
}
