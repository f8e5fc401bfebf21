/**
 * One declaration per call of the API. It authenticates and validates the request, documents the call in
 * `/openapi.json`, tells 405 from 404, and in tests checks the answer: so none of these can disagree.
 */
import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { Context, MiddlewareHandler, Next, TypedResponse } from 'hono'
import type { StatusCode } from 'hono/utils/http-status'
import type { ProblemBody, ProblemCode, problemKinds } from '../platform/problem.ts'
import { checkAnswer } from './check_answer.ts'
import type { Env } from './env.ts'
import { answerOnce } from './idempotency/answer_once.ts'
import { withoutNulls } from './idempotency/key.ts'
import { applyLimit } from './limits/apply_limit.ts'
import { admitUpload } from './limits/intake.ts'
import type { PolicyName } from './limits/policies.ts'
import type { Tag } from './openapi/tags.ts'
import { isRead, noteLastWrite } from './reads.ts'
import { authenticate } from './signed_in.ts'
import { readBody, readParams, readQuery, readText, readUpload, refuseBody } from './validate.ts'

/** What a call takes and answers. `answers` maps each success status to its schema, null for an empty body. */
export type Operation = {
  id: string
  summary: string
  /** What the summary does not say: what it means, and what to do on a refusal. Markdown. */
  description: string
  tag: Tag
  /** Whether a token is needed; where it is optional, a wrong one is refused all the same. */
  signed_in?: boolean | 'optional'
  params?: TObject
  query?: TObject
  headers?: TObject
  body?: TSchema
  /** A body of bytes instead of JSON, which `c.get('upload')` holds. `types` are documented; the handler checks what it got. */
  upload?: { types: readonly `image/${string}`[]; max_bytes: number }
  /** A body as the text that came, which `c.get('raw_body')` holds: a signature covers it. */
  raw_body?: true
  /** How the call treats an Idempotency-Key: in general honours it; `own` when the handler does so itself. */
  idempotency?: 'honoured' | 'own'
  /** Which rate limit counts the call: `user` where somebody is signed in and `address` elsewhere, unless said otherwise. */
  limit?: PolicyName | 'none'
  answers: Record<number, TSchema | null>
  /** Members that the example of an answer shows with other values than its schema does, by status. */
  shows?: Record<number, Record<string, unknown>>
  /** An ETag on the success answers: one that a GET takes as If-None-Match (`revalidated`), or one to send as If-Match (`versioned`). */
  etag?: 'revalidated' | 'versioned'
  /** Calls that go on from a success: by id, what of this answer fills their parameters, as OpenAPI's runtime expressions. */
  links?: Record<string, Record<string, string>>
  /** The media type of the success answers; application/json unless said otherwise. */
  answer_type?: string
  problems?: readonly ProblemCode[]
}

/** What a handler reads by `c.req.valid()`. */
type Valid<O extends Operation> = {
  param: O['params'] extends TObject ? Static<O['params']> : never
  query: O['query'] extends TObject ? Static<O['query']> : never
  json: O['body'] extends TSchema ? Static<O['body']> : never
}

type Nothing = Record<never, never>
type Part<Name extends string, S> = S extends TSchema ? { [K in Name]: Static<S> } : Nothing
/** For what a caller may leave out as a whole. */
type OptionalPart<Name extends string, S> = S extends TSchema
  ? Record<string, never> extends Static<S>
    ? { [K in Name]?: Static<S> }
    : Part<Name, S>
  : Nothing
type IdempotencyKey = { 'Idempotency-Key': string }
type Key<O extends Operation> = O['idempotency'] extends 'own'
  ? { header: IdempotencyKey }
  : O['idempotency'] extends 'honoured'
    ? { header?: Partial<IdempotencyKey> }
    : Nothing
/** What a caller sends, for the types of `hc`: ids as numbers, as the schemas have them. */
type Sent<O extends Operation> = Part<'param', O['params']> &
  OptionalPart<'query', O['query']> &
  OptionalPart<'header', O['headers']> &
  Part<'json', O['body']> &
  Key<O>

type Input<O extends Operation> = { in: Sent<O>; out: Valid<O> }

/** The problems that a call may answer without saying so: bad queries and bodies, limits, trouble of ours. */
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
type ProblemOf<O extends Operation> =
  | (O['problems'] extends readonly ProblemCode[] ? O['problems'][number] : never)
  | CommonProblem
  | (O['signed_in'] extends true | 'optional' ? 'unauthorized' : never)
  | (O['body'] extends TSchema ? 'unsupported_media_type' : O['upload'] extends object ? 'unsupported_media_type' : never)

/** What a caller gets, for the types of `hc`, by status. */
type Answered<O extends Operation> =
  | {
      [S in keyof O['answers'] & StatusCode]: O['answers'][S] extends TSchema
        ? TypedResponse<Static<O['answers'][S]>, S, 'json'>
        : TypedResponse<null, S, 'body'>
    }[keyof O['answers'] & StatusCode]
  | TypedResponse<ProblemBody<ProblemOf<O>>, (typeof problemKinds)[ProblemOf<O>]['status'], 'json'>

/** A call as Hono and its client `hc` know it. */
type Declared<O extends Operation> = MiddlewareHandler<Env, string, Input<O>, Answered<O>>

const operationKey = Symbol('operation')

/** The middleware of a declared call: 401 first, then 4xx for input that is not as declared. */
export function operation<const O extends Operation>(declaration: O): Declared<O> {
  const middleware: Declared<O> = async (c, next) => {
    await admit(c, declaration)
    if (declaration.params) c.req.addValidatedData('param', readParams(declaration.params, c.req.param()))
    c.req.addValidatedData('query', readQuery(declaration.query, c.req.url))
    if (declaration.body) c.req.addValidatedData('json', (await readBody(declaration.body, c)) as object)
    if (declaration.raw_body) c.set('raw_body', await readText(c))
    if (!takesBody(declaration)) await refuseBody(c)
    // Every body but an upload is there now, and nothing below waits for one.
    if (!declaration.upload) c.get('place')?.enter()
    if (c.get('user_id') && !isRead(c.req.method)) noteLastWrite(c)
    if (declaration.upload) await takeUpload(c, declaration.upload.max_bytes, next)
    else if (declaration.idempotency === 'honoured') await answerOnce(c, requestOf(c), next)
    else await next()
    if (c.get('check_answers')) await checkAnswer(declaration, c as unknown as Context)
  }
  return Object.assign(middleware, { [operationKey]: declaration })
}

/** Whether a call has a use for a body. Any other refuses one: what it says would be passed over in silence. */
export function takesBody({ body, upload, raw_body }: Operation): boolean {
  return body !== undefined || upload !== undefined || raw_body === true
}

/**
 * What a repeated Idempotency-Key must come with again. A condition is part of it: with another one it is another request. In a POST a
 * field that is null is one that is missing; a PATCH takes something away with it.
 */
function requestOf(c: Context<Env, string, { out: Valid<Operation> }>): unknown[] {
  const condition = c.req.header('if-match')
  const body = c.req.method === 'POST' ? withoutNulls(c.req.valid('json')) : c.req.valid('json')
  return [c.req.valid('param'), body, ...(condition === undefined ? [] : [condition])]
}

/** 401 for who must be signed in and is not, 429 for who asks too often. A token that is none counts against its address. */
async function admit(c: Context<Env>, { signed_in, limit }: Operation): Promise<void> {
  const is_known = signed_in === 'optional' ? c.req.header('authorization') !== undefined : signed_in
  if (is_known)
    await authenticate(c).catch(async (error) => {
      await applyLimit(c, 'address')
      throw error
    })
  if (limit !== 'none') await applyLimit(c, limit ?? (is_known ? 'user' : 'address'))
}

/** The call with its upload, which takes its room until it is answered. */
function takeUpload(c: Context<Env>, max_bytes: number, next: Next): Promise<void> {
  return admitUpload(c, max_bytes, async (room) => {
    c.set('upload', await readUpload(max_bytes, room, c))
    c.get('place')?.enter()
    await next()
  })
}

/** The declaration that a handler of `app.routes` carries, if it is one of ours. */
export function declarationOf(handler: unknown): Operation | undefined {
  return (handler as { [operationKey]?: Operation })[operationKey]
}
