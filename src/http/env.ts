import type { Logger } from 'pino'
import type { PaymentGateway } from '../domains/payments/gateway.ts'
import type { Pictures } from '../domains/pictures/upload.ts'
import type { ViewCounter } from '../domains/products/views.ts'
import type { SearchEngines, SearchRanking } from '../domains/search/backend.ts'
import type { QueryLog } from '../domains/search/query_log.ts'
import type { PasswordHasher } from '../domains/users/password.ts'
import type { Cache } from '../platform/cache/cache.ts'
import type { Pool } from '../platform/db/client.ts'
import type { KeyedHash } from '../platform/keyed_hash.ts'
import type { KeyValue } from '../platform/kv/key_value.ts'
import type { Metrics } from '../platform/metrics/metrics.ts'
import type { ProblemCode } from '../platform/problem.ts'
import type { Replica } from '../platform/replica/replica.ts'
import type { Dashboard } from './admin/open_dashboard.ts'
import type { Intake } from './limits/intake.ts'
import type { RateLimits, Standing } from './limits/rate_limits.ts'
import type { RunningSlot } from './limits/shed_load.ts'
import type { Readiness } from './probes/readiness.ts'

/** What the application is made of. No module holds a connection of its own: an app is what it is given. */
export type Dependencies = {
  sql: Pool
  /**
   * Reads and sets credentials, and makes sessions, by the login of AUTH_DATABASE_URL. The same pool as `sql` where that is
   * unset.
   */
  auth_sql: Pool
  /** Reads what may lag (reads.ts); null where there is none. */
  replica: Replica | null
  kv: KeyValue
  cache: Cache
  search: SearchEngines
  payments: PaymentGateway
  passwords: PasswordHasher
  views: ViewCounter
  searches: QueryLog
  pictures: Pictures
  log: Logger
  metrics: Metrics
  readiness: Readiness
  dashboard: Dashboard
  /** How searches rank unless an operator asks otherwise, who proves to be one by the token; null: nobody can. */
  ranking: { usual: SearchRanking; operator_token: string | null }
  /** Signs page cursors; the same for every process of one database. */
  cursor_secret: Uint8Array
  /** How logs and tables name addresses and accounts. */
  keyed_hash: KeyedHash
  limits: RateLimits
  /** What callers may leave unfinished. */
  intake: Intake
  /** RATE_LIMIT_SCALE, as a decimal: multiplies the quotas of accounts. */
  quota_scale: string
  /** Whose pages may read answers in a browser. */
  cors_origins: readonly string[]
  /** Whether `/metrics`, `/admin` and `/readyz?verbose` are on a port of their own, and on no other. */
  has_operations_port: boolean
  /** Where this service is seen from outside; undefined: wherever a call is sent to. */
  public_url: string | undefined
  /** Whom to tell of a weakness, as a URL; null: security.txt names nobody. */
  security_contact: string | null
  /** How many proxies in front are ours: only what they say in X-Forwarded-For counts. */
  trusted_proxies: number
  /** Checks each answer against its declared schema; on in tests. */
  check_answers: boolean
}

/** Hono's environment: the dependencies, and what middleware finds out about one request. */
export type Env = {
  Bindings: { address?: string }
  Variables: Dependencies & {
    request_id: string
    /** Who asks, for rate limits: see client_address.ts. */
    address: string
    /** On calls under shed_load.ts. */
    running_slot?: RunningSlot
    /** Where the caller stands after this call; on calls that are counted. */
    standing?: Standing
    /** Who is signed in; 0 on calls that need nobody. */
    user_id: number
    token_hash: Uint8Array
    /** Whose password is checked: the e-mail in its normal form, and the account's id where there is one. For security events. */
    account?: { email: string; user_id: number | null }
    /** Runs something once what the call has written is committed: at once, or after the transaction around it; else never. */
    afterCommit: (run: () => void) => void
    /** Why the call was refused or failed; not on a replay. */
    problem?: ProblemCode
    /** Whether what is sent gets an ETag: see revalidated.ts. */
    is_revalidated?: true
    /** The body of a call that declares an `upload`, and the media type that it was sent as. */
    upload: { bytes: Uint8Array; type: string }
    /** The body of a call that declares `raw_body`, as the text that came. */
    raw_body: string
  }
}
