/** The variables of Hono's context for the handlers of HTTP and of the domains. */
import type { Logger } from 'pino'
import type { Cache } from '../platform/cache/cache.ts'
import type { Pool } from '../platform/db/client.ts'
import type { KeyedHash } from '../platform/keyed_hash.ts'
import type { KeyValue } from '../platform/kv/key_value.ts'
import type { Metrics } from '../platform/metrics/metrics.ts'
import type { ProblemCode } from '../platform/problem.ts'
import type { Replica } from '../platform/replica/replica.ts'

/**
 * The services of the API. The composition root creates them (service.ts), and no module opens its own connection. A folder that
 * makes a service adds it beside the type of the service, by `declare module` of this file.
 */
export interface Services {
  sql: Pool
  /** Reads on a replica (read_routing.ts). Null without READ_DATABASE_URL. */
  replica: Replica | null
  kv: KeyValue
  cache: Cache
  log: Logger
  metrics: Metrics
  /** OPERATOR_TOKEN. Null means that there are no operators. */
  operator_token: string | null
  /** Signs page cursors. It is the same for every process of one database. */
  cursor_secret: Uint8Array
  /** Hashes addresses and accounts for logs and tables. */
  keyed_hash: KeyedHash
  /** Whether selling and reviewing need a verified e-mail. */
  requires_verified: boolean
  /** RATE_LIMIT_SCALE as a decimal. It multiplies the quotas of accounts. */
  quota_scale: string
  /** Origins whose pages may read responses in a browser. */
  cors_origins: readonly string[]
  /** Whether `/metrics`, `/admin` and `/readyz?verbose` are only on a separate port. */
  has_operations_port: boolean
  /** The public base URL of this service. If undefined, that of the request. */
  public_url: string | undefined
  /** The URL for reports of vulnerabilities in security.txt. Null means no security.txt. */
  security_contact: string | null
  /** The number of trusted proxies. Only their entries in X-Forwarded-For count. */
  trusted_proxies: number
  /** Whether each response is checked against its declared schema. True in tests. */
  check_answers: boolean
}

/** The facts that middleware adds about one request. */
export interface RequestFacts {
  request_id: string
  /** The caller's address, for rate limits (client_address.ts). */
  address: string
  /** The signed-in user, or 0 for an anonymous caller. */
  user_id: number
  token_hash: Uint8Array
  /** The account whose password is checked: its normalized e-mail, and its id if the account exists. For security events. */
  account?: { email: string; user_id: number | null }
  /**
   * Runs a function after the commit of the call's writes: at once, or after the transaction around it. Not after a rollback.
   */
  afterCommit: (run: () => void) => void
  /** The code of the problem that the call returned. Not set on a replay. */
  problem?: ProblemCode
  /** Whether the response gets an ETag (operation.ts). */
  is_revalidated?: true
  /** The body of a call that declares an `upload`, and its media type. */
  upload: { bytes: Uint8Array; type: string }
  /** The text of the body of a call that declares `raw_body`. */
  raw_body: string
}

export type Env = { Bindings: { address?: string }; Variables: Services & RequestFacts }
