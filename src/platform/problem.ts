/** The API's errors as RFC 9457 problems, and the table that maps SQLSTATEs and errors of the database layer to them. */
import { isConnectionLoss, isDatabaseError, Overloaded } from './database_errors.ts'

/** Every problem by its stable code. The `type` of a problem is `/problems/<code>`. */
export const problemKinds = {
  if_match_invalid: { status: 400, title: 'If-Match is not valid' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_query: { status: 400, title: 'Unknown query parameter' },
  idempotency_key_missing: { status: 400, title: 'Idempotency-Key is missing' },
  idempotency_key_invalid: { status: 400, title: 'Idempotency-Key is not valid' },
  invalid_signature: { status: 400, title: 'The signature is not valid' },
  unauthorized: { status: 401, title: 'Sign in first' },
  invalid_credentials: { status: 401, title: 'E-mail and password do not match' },
  second_factor_required: { status: 401, title: 'Send the code of the second factor, too' },
  payment_declined: { status: 402, title: 'The payment was declined' },
  not_owner: { status: 403, title: 'Only the owner may do this' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'The request took too long' },
  email_taken: { status: 409, title: 'The e-mail already has an account' },
  email_unverified: { status: 409, title: 'The e-mail is not verified' },
  second_factor_exists: { status: 409, title: 'The account has a second factor' },
  insufficient_stock: { status: 409, title: 'Not enough in stock' },
  own_item: { status: 409, title: 'The item is from your own shop' },
  ambiguous_line: { status: 409, title: 'The cart has several lines of the product' },
  not_shippable: { status: 409, title: 'The shop does not send the item there' },
  default_needs_world: { status: 409, title: 'The default shipping profile needs a rate to the world' },
  cart_full: { status: 409, title: 'The cart is full' },
  too_many_reservations: { status: 409, title: 'The buyer holds too many items' },
  item_reserved: { status: 409, title: 'Another buyer holds the item' },
  item_held: { status: 409, title: 'A buyer holds the item' },
  shop_on_vacation: { status: 409, title: 'The shop is on vacation' },
  cart_empty: { status: 409, title: 'The cart is empty' },
  price_changed: { status: 409, title: 'The total of the cart has changed' },
  wrong_order_state: { status: 409, title: "The order's status does not allow this" },
  wrong_checkout_state: { status: 409, title: "The checkout's status does not allow this" },
  refund_exceeds_order: { status: 409, title: 'The refund exceeds what is left of the order' },
  order_disputed: { status: 409, title: 'The payment of the order is disputed' },
  already_reviewed: { status: 409, title: 'The order already has a review' },
  quota_exceeded: { status: 409, title: 'The account has reached its quota' },
  profile_in_use: { status: 409, title: 'Listings use the profile' },
  sku_taken: { status: 409, title: 'The shop already uses this sku' },
  conflict: { status: 409, title: 'The change conflicts with existing data' },
  idempotency_in_progress: { status: 409, title: 'In progress' },
  idempotency_gone: { status: 409, title: 'The stored response was deleted' },
  orders_open: { status: 409, title: 'Orders of the account are open' },
  balance_open: { status: 409, title: 'A shop of the account has a balance' },
  payout_account_inactive: { status: 409, title: 'The payout account of the shop is not active' },
  payout_below_minimum: { status: 409, title: 'The available balance is below the minimum of a payout' },
  payout_held: { status: 409, title: 'The payout cannot begin now' },
  precondition_failed: { status: 412, title: 'The resource has changed since you read it' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not supported' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  variant_required: { status: 422, title: 'The listing has variants, and none is chosen' },
  variant_unknown: { status: 422, title: 'The listing has no such variant' },
  personalization_required: { status: 422, title: 'The listing needs a personalization' },
  amount_out_of_range: { status: 422, title: 'The payment provider does not charge this total' },
  idempotency_mismatch: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  precondition_required: { status: 428, title: 'If-Match is missing' },
  too_many_pictures: { status: 429, title: 'The daily limit of pictures is reached' },
  too_many_keys: { status: 429, title: 'The daily limit of Idempotency-Keys is reached' },
  too_many_at_once: { status: 429, title: 'Too many concurrent requests' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong' },
  payment_unavailable: { status: 503, title: 'The payment provider cannot be reached' },
  unavailable: { status: 503, title: 'Try again in a moment' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problemKinds
export type InputError = { pointer: string; detail: string; line_id?: number; product_id?: number; code?: string }

/** The body of a problem. Some problems have more members, see src/http/openapi/problems.ts. */
export type ProblemBody<C extends ProblemCode = ProblemCode> = {
  type: string
  title: string
  status: number
  detail: string
  code: C
  request_id: string
  errors?: InputError[]
}

/** Middleware and handlers throw it. `renderProblem` makes the response. */
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
    this.headers = { ...(retryAfter[code] ? { 'Retry-After': retryAfter[code] } : {}), ...headers }
  }
}

/** Returns a 422 that names the fields. */
export function invalidInput(errors: InputError[]): Problem {
  const first = errors[0]
  return new Problem('invalid_input', first ? `${first.pointer}: ${first.detail}` : undefined, { errors })
}

/** The SQLSTATEs of db/functions. No other database error sends its message to a client. */
export const problemOfSqlstate = {
  SWNTF: 'not_found',
  SWOWN: 'not_owner',
  SWINV: 'invalid_input',
  SWSKU: 'sku_taken',
  SWEML: 'email_taken',
  SWVFY: 'email_unverified',
  SWVER: 'precondition_failed',
  SWSTK: 'insufficient_stock',
  SWRES: 'item_reserved',
  SWVRQ: 'variant_required',
  SWVUN: 'variant_unknown',
  SWPER: 'personalization_required',
  SWHLD: 'item_held',
  SWAMB: 'ambiguous_line',
  SWFUL: 'cart_full',
  SWCAP: 'too_many_reservations',
  SWCRD: 'invalid_credentials',
  SWFAC: 'second_factor_required',
  SWFEX: 'second_factor_exists',
  SWVAC: 'shop_on_vacation',
  SWQTA: 'quota_exceeded',
  SWOWI: 'own_item',
  SWWLD: 'default_needs_world',
  SWDST: 'not_shippable',
  SWCRT: 'cart_empty',
  SWPRC: 'price_changed',
  SWAMT: 'amount_out_of_range',
  SWSTA: 'wrong_order_state',
  SWCHK: 'wrong_checkout_state',
  SWRFX: 'refund_exceeds_order',
  SWDSP: 'order_disputed',
  SWREV: 'already_reviewed',
  SWPIC: 'too_many_pictures',
  SWKEY: 'too_many_keys',
  SWIDP: 'idempotency_in_progress',
  SWIDM: 'idempotency_mismatch',
  SWGON: 'idempotency_gone',
  SWOPN: 'orders_open',
  SWBAL: 'balance_open',
  SWPAI: 'payout_account_inactive',
  SWPMI: 'payout_below_minimum',
  SWPHL: 'payout_held',
  SWUSE: 'profile_in_use',
  SWDCL: 'payment_declined',
  SWPAY: 'payment_unavailable',
} as const satisfies Record<string, ProblemCode>

/** Constraints with their own problem. A concurrent request can pass the check of a function and then violate the constraint. */
const problemOfConstraint: Record<string, () => Problem> = {
  products_shop_id_sku_key: () => refusal('sku_taken', 'Another item of the shop already has this sku.', { field: 'sku' }),
  variants_shop_id_sku_key: () => refusal('sku_taken', 'Another item of the shop already has this sku.', { field: 'sku' }),
}

/** The problems for PostgreSQL's own SQLSTATEs, by code or class. Any other class is a bug of the service: 500. */
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

/** `Retry-After` in seconds, for problems that end without a change by the caller. A Problem can set another time. */
const retryAfter: Partial<Record<ProblemCode, string>> = {
  idempotency_in_progress: '1',
  payment_unavailable: '1',
  unavailable: '1',
  too_many_pictures: '3600',
  too_many_keys: '3600',
}

/** Converts any thrown value to a Problem. An unknown value becomes `internal_error`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof Overloaded) return new Problem('unavailable', error.message)
  if (!isDatabaseError(error)) return new Problem('internal_error')
  const own = problemOfSqlstate[error.code as keyof typeof problemOfSqlstate]
  if (own) return refusal(own, error.message, parseDetail(error.detail))
  const named = problemOfConstraint[error.constraint_name ?? '']
  if (named) return named()
  const code = problemOfClass[error.code] ?? problemOfClass[error.code.slice(0, 3)] ?? problemOfClass[error.code.slice(0, 2)]
  return new Problem(isConnectionLoss(error.code) ? 'unavailable' : (code ?? 'internal_error'))
}

/** Returns the problem of a business rule. `detail` gives its members, and `detail.field` the pointer of its one error. */
export function refusal(code: ProblemCode, message: string, detail: Record<string, unknown>): Problem {
  const { field, ...extensions } = detail
  const errors = typeof field === 'string' ? { errors: [{ pointer: `#/${field}`, detail: message }] } : {}
  return new Problem(code, message, { ...extensions, ...errors })
}

/** Returns the response of a problem: the same bytes for the same problem and request id. */
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
  // RFC 9110, 15.5.2: every 401 has a challenge, including the 401 of a sign-in.
  const challenge = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}
  const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...challenge, ...problem.headers }
  return new Response(JSON.stringify(body), { status, headers })
}

function parseDetail(detail: string | undefined): Record<string, unknown> {
  return detail?.startsWith('{') ? JSON.parse(detail) : {}
}
