/**
 * The types that Hono and its typed client `hc` derive from one declaration. The examples belong to
 *
 *     { params: IdParam, query: PageQuery, body: Line, idempotency: 'honored', answers: { 201: Cart }, problems: ['not_found'] }
 */
import type { Static, TSchema } from '@sinclair/typebox'
import type { MiddlewareHandler, TypedResponse } from 'hono'
import type { StatusCode } from 'hono/utils/http-status'
import type { ProblemBody, ProblemCode, problemKinds } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import type { Operation } from './operation.ts'

/** `TypeOf<typeof IdParam>` is `{ id: number }`. Without a schema it is never. */
type TypeOf<S> = S extends TSchema ? Static<S> : never

/** The result of `c.req.valid()`: `{ param: { id: number }; query: { limit?: number }; json: Line }`. */
export type Valid<O extends Operation> = { param: TypeOf<O['params']>; query: TypeOf<O['query']>; json: TypeOf<O['body']> }

/**
 * Omits the parts that a call does not have: `Present<{ param: { id: number }; json: never }>` is `{ param: { id: number } }`.
 */
type Present<P> = { [K in keyof P as [P[K]] extends [never] ? never : K]: P[K] }
/** Makes a part optional if all of its fields are: `{ query: { limit?: number } }` becomes `{ query?: { limit?: number } }`. */
type Relaxed<P> = {
  [K in keyof P as Record<string, never> extends P[K] ? never : K]: P[K]
} & { [K in keyof P as Record<string, never> extends P[K] ? K : never]?: P[K] }

/** The header of a call by its `idempotency`. For the example it is `{ header?: { 'Idempotency-Key'?: string } }`. */
type Key = {
  own: { header: { 'Idempotency-Key': string } }
  required: { header: { 'Idempotency-Key': string } }
  honored: { header?: { 'Idempotency-Key'?: string } }
}

/** The request: `{ param: { id: number }; query?: { limit?: number }; header?: { 'Idempotency-Key'?: string }; json: Line }`. */
type Sent<O extends Operation> = Present<{ param: TypeOf<O['params']>; json: TypeOf<O['body']> }> &
  Relaxed<Present<{ query: TypeOf<O['query']>; header: TypeOf<O['headers']> }>> &
  (O['idempotency'] extends keyof Key ? Key[O['idempotency']] : unknown)

/** The problems that a call can return without a declaration. */
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

/** `'not_found' | 'unsupported_media_type'`, and the common problems. */
type ProblemOf<O extends Operation> =
  | CommonProblem
  | (O['problems'] extends readonly ProblemCode[] ? O['problems'][number] : never)
  | (O['signed_in'] extends true | 'optional' | 'late' ? 'unauthorized' : never)
  | (O extends { body: TSchema } | { upload: object } ? 'unsupported_media_type' : never)

/** The response by status: `TypedResponse<Cart, 201, 'json'>`, or a problem. */
type Responded<O extends Operation> =
  | {
      [S in keyof O['answers'] & StatusCode]: O['answers'][S] extends TSchema
        ? TypedResponse<Static<O['answers'][S]>, S, 'json'>
        : TypedResponse<null, S, 'body'>
    }[keyof O['answers'] & StatusCode]
  | TypedResponse<ProblemBody<ProblemOf<O>>, (typeof problemKinds)[ProblemOf<O>]['status'], 'json'>

/** The middleware that `operation()` returns. */
export type Declared<O extends Operation> = MiddlewareHandler<Env, string, { in: Sent<O>; out: Valid<O> }, Responded<O>>
