/** Errors as the API answers them: RFC 9457 problems, and the one table from SQLSTATEs to them. */

/** What can go wrong, by its stable code. The code is also the path of the problem's `type`. */
export const problemKinds = {
  if_match_invalid: { status: 400, title: 'The If-Match is not valid' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid_query: { status: 400, title: 'Unknown query parameter' },
  idempotency_key_missing: { status: 400, title: 'An Idempotency-Key is needed' },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key is not valid' },
  invalid_signature: { status: 400, title: 'The signature is not valid' },
  unauthorized: { status: 401, title: 'Sign in first' },
  invalid_credentials: { status: 401, title: 'E-mail and password do not match' },
  payment_declined: { status: 402, title: 'The payment was declined' },
  not_owner: { status: 403, title: 'Not yours to change' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'The request did not end in time' },
  email_taken: { status: 409, title: 'The e-mail has an account' },
  insufficient_stock: { status: 409, title: 'Not enough in stock' },
  own_item: { status: 409, title: 'The item is from your own shop' },
  cart_full: { status: 409, title: 'The cart is full' },
  too_many_reservations: { status: 409, title: 'Too many items are held' },
  item_reserved: { status: 409, title: 'Held by another buyer' },
  shop_on_vacation: { status: 409, title: 'The shop is on vacation' },
  cart_empty: { status: 409, title: 'The cart is empty' },
  price_changed: { status: 409, title: 'The total has changed' },
  wrong_order_state: { status: 409, title: "The order's status does not allow it" },
  already_reviewed: { status: 409, title: 'Reviewed already' },
  quota_exceeded: { status: 409, title: 'The account has reached its quota' },
  sku_taken: { status: 409, title: 'The shop uses this sku' },
  conflict: { status: 409, title: 'In conflict with what is there' },
  idempotency_in_progress: { status: 409, title: 'In progress' },
  precondition_failed: { status: 412, title: 'Changed since you read it' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Send another media type' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  idempotency_mismatch: { status: 422, title: 'The Idempotency-Key came with another request' },
  precondition_required: { status: 428, title: 'An If-Match is needed' },
  too_many_pictures: { status: 429, title: 'Too many pictures in a day' },
  too_many_keys: { status: 429, title: 'Too many Idempotency-Keys in a day' },
  too_many_at_once: { status: 429, title: 'Too many at a time' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong' },
  payment_unavailable: { status: 503, title: 'The payment provider cannot be reached' },
  unavailable: { status: 503, title: 'Try again in a moment' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problemKinds
export type InputError = { pointer: string; detail: string; product_id?: number; code?: string }

/** A problem as its reader gets it; some have more members, which say what was refused. */
export type ProblemBody<C extends ProblemCode = ProblemCode> = {
  type: string
  title: string
  status: number
  detail: string
  code: C
  request_id: string
  errors?: InputError[]
}

/** An answer that is an error. Thrown by middleware and handlers; rendered by `renderProblem`. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly extensions: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(
    code: ProblemCode,
    detail?: string,
    extensions: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(detail ?? problemKinds[code].title)
    this.code = code
    this.extensions = extensions
    this.headers = headers
  }
}

/** A 422 that names the fields. */
export function invalidInput(errors: InputError[]): Problem {
  const first = errors[0]
  return new Problem('invalid_input', first ? `${first.pointer}: ${first.detail}` : undefined, { errors })
}

/** Our own SQLSTATEs, which only db/functions raises: the only ones whose message reaches a client. */
export const problemOfSqlstate = {
  SWNTF: 'not_found',
  SWOWN: 'not_owner',
  SWINV: 'invalid_input',
  SWSKU: 'sku_taken',
  SWEML: 'email_taken',
  SWVER: 'precondition_failed',
  SWSTK: 'insufficient_stock',
  SWRES: 'item_reserved',
  SWFUL: 'cart_full',
  SWCAP: 'too_many_reservations',
  SWCRD: 'invalid_credentials',
  SWVAC: 'shop_on_vacation',
  SWQTA: 'quota_exceeded',
  SWOWI: 'own_item',
  SWCRT: 'cart_empty',
  SWPRC: 'price_changed',
  SWSTA: 'wrong_order_state',
  SWREV: 'already_reviewed',
  SWPIC: 'too_many_pictures',
  SWKEY: 'too_many_keys',
  SWIDP: 'idempotency_in_progress',
  SWIDM: 'idempotency_mismatch',
  SWDCL: 'payment_declined',
  SWPAY: 'payment_unavailable',
} as const satisfies Record<string, ProblemCode>

/** A constraint that has words of its own, for whoever came a moment later than the check. */
const problemOfConstraint: Record<string, () => Problem> = {
  products_shop_id_sku_key: () => refusal('sku_taken', 'The shop has another item with this sku.', { field: 'sku' }),
}

/** What PostgreSQL itself says, by SQLSTATE or its class. A class not listed is a bug of ours: 500. */
const problemOfClass: Record<string, ProblemCode> = {
  '23505': 'conflict',
  '23503': 'conflict',
  '23514': 'invalid_input',
  '23502': 'invalid_input',
  '22': 'invalid_input',
  '40': 'unavailable',
  '55P03': 'unavailable',
  '57014': 'unavailable',
  '08': 'unavailable',
  '53': 'unavailable',
  '57P': 'unavailable',
}

const RETRY_AFTER_S = '1'

/** Refusals that pass by themselves, and after how many seconds it is worth asking again. */
const retryAfter: Partial<Record<ProblemCode, string>> = {
  idempotency_in_progress: RETRY_AFTER_S,
  payment_unavailable: RETRY_AFTER_S,
  too_many_pictures: '3600',
  too_many_keys: '3600',
}

type DatabaseError = Error & { code: string; detail?: string; constraint_name?: string }

/** Any thrown value as a Problem. What is no Problem and no known SQLSTATE is an internal error. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!isDatabaseError(error)) return new Problem('internal_error')
  const own = problemOfSqlstate[error.code as keyof typeof problemOfSqlstate]
  if (own) return refusal(own, error.message, parseDetail(error.detail))
  const named = problemOfConstraint[error.constraint_name ?? '']
  if (named) return named()
  const code = problemOfClass[error.code] ?? problemOfClass[error.code.slice(0, 3)] ?? problemOfClass[error.code.slice(0, 2)]
  if (code === 'unavailable' || isConnectionLoss(error.code))
    return new Problem('unavailable', undefined, {}, { 'Retry-After': RETRY_AFTER_S })
  return new Problem(code ?? 'internal_error')
}

/** Whether a rule of ours said no: whoever is asked next will, too. */
export function isOwnRefusal(error: unknown): boolean {
  return error instanceof Problem || (isDatabaseError(error) && Object.hasOwn(problemOfSqlstate, error.code))
}

/** Whether PostgreSQL itself cannot be reached, or takes no more connections. */
export function isUnreachable(error: unknown): boolean {
  return isDatabaseError(error) && (/^(08|53|57P)/.test(error.code) || isConnectionLoss(error.code))
}

/** A refusal that the database decided: `detail` becomes members of the problem, `detail.field` the pointer. */
export function refusal(code: ProblemCode, message: string, detail: Record<string, unknown>): Problem {
  const { field, ...extensions } = detail
  const errors = typeof field === 'string' ? { errors: [{ pointer: `#/${field}`, detail: message }] } : {}
  const retry_after = retryAfter[code]
  const retry = retry_after ? { 'Retry-After': retry_after } : {}
  return new Problem(code, message, { ...extensions, ...errors }, retry)
}

/** The response for a problem, the same bytes for the same problem and request id. */
export function renderProblem(problem: Problem, request_id: string): Response {
  const { status, title } = problemKinds[problem.code]
  const body = {
    type: `/problems/${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    ...problem.extensions,
    request_id,
  }
  // RFC 9110, 15.5.2: a 401 says how to be let in, that of a sign-in too.
  const challenge = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}
  const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...challenge, ...problem.headers }
  return new Response(JSON.stringify(body), { status, headers })
}

function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string'
}

function isConnectionLoss(code: string): boolean {
  return /^(CONNECTION_|CONNECT_|ECONN|ETIMEDOUT|EPIPE)/.test(code)
}

function parseDetail(detail: string | undefined): Record<string, unknown> {
  return detail?.startsWith('{') ? JSON.parse(detail) : {}
}
