/**
 * What Hono and its typed client `hc` learn from one declaration. The examples are of
 *
 *     { params: IdParam, query: PageQuery, body: Line, idempotency: 'honored', answers: { 201: Cart }, problems: ['not_found'] }
 */
import type { Static, TSchema } from '@sinclair/typebox'
import type { MiddlewareHandler, TypedResponse } from 'hono'
import type { StatusCode } from 'hono/utils/http-status'
import type { ProblemBody, ProblemCode, problemKinds } from '../platform/problem.ts'
import type { Env } from './env.ts'
import type { Operation } from './operation.ts'

/** `TypeOf<typeof IdParam>` is `{ id: number }`; never where there is no schema. */
type TypeOf<S> = S extends TSchema ? Static<S> : never

/** What `c.req.valid()` returns: `{ param: { id: number }; query: { limit?: number }; json: Line }`. */
export type Valid<O extends Operation> = { param: TypeOf<O['params']>; query: TypeOf<O['query']>; json: TypeOf<O['body']> }

/**
 * Leaves out the parts that a call does not have: `Present<{ param: { id: number }; json: never }>` is `{ param: { id: number }
 * }`.
 */
type Present<P> = { [K in keyof P as [P[K]] extends [never] ? never : K]: P[K] }
/**
 * Parts whose fields are all optional may be left out: `{ query: { limit?: number } }` becomes `{ query?: { limit?: number }
 * }`.
 */
type Relaxed<P> = {
  [K in keyof P as Record<string, never> extends P[K] ? never : K]: P[K]
} & { [K in keyof P as Record<string, never> extends P[K] ? K : never]?: P[K] }

/** The header of a call by its `idempotency`; `sent` for the example is `{ header?: { 'Idempotency-Key'?: string } }`. */
type Key = {
  own: { header: { 'Idempotency-Key': string } }
  honored: { header?: { 'Idempotency-Key'?: string } }
}

/**
 * What a caller sends: `{ param: { id: number }; query?: { limit?: number }; header?: { 'Idempotency-Key'?: string }; json:
 * Line }`.
 */
type Sent<O extends Operation> = Present<{ param: TypeOf<O['params']>; json: TypeOf<O['body']> }> &
  Relaxed<Present<{ query: TypeOf<O['query']>; header: TypeOf<O['headers']> }>> &
  (O['idempotency'] extends keyof Key ? Key[O['idempotency']] : unknown)

/** The problems that a call may return without a declaration. */
type CommonProblem =
  | 'invalid_query'
  | 'malformed_json'
  | 'request_timeout'
  | 'payload_too_large'
  | 'invalid_input'
  | 'too_many_requests'
  | 'too_many_at_once'
  | 'internal_error'
  | 'unavailable'

/** `'not_found' | 'unsupported_media_type'`, and the common ones. */
type ProblemOf<O extends Operation> =
  | CommonProblem
  | (O['problems'] extends readonly ProblemCode[] ? O['problems'][number] : never)
  | (O['signed_in'] extends true | 'optional' ? 'unauthorized' : never)
  | (O extends { body: TSchema } | { upload: object } ? 'unsupported_media_type' : never)

/** What a caller gets, by status: `TypedResponse<Cart, 201, 'json'>`, or a problem. */
type Responded<O extends Operation> =
  | {
      [S in keyof O['answers'] & StatusCode]: O['answers'][S] extends TSchema
        ? TypedResponse<Static<O['answers'][S]>, S, 'json'>
        : TypedResponse<null, S, 'body'>
    }[keyof O['answers'] & StatusCode]
  | TypedResponse<ProblemBody<ProblemOf<O>>, (typeof problemKinds)[ProblemOf<O>]['status'], 'json'>

/** The middleware that `operation()` returns. */
export type Declared<O extends Operation> = MiddlewareHandler<Env, string, { in: Sent<O>; out: Valid<O> }, Responded<O>>
