/**
 * One declaration per call of the API. It authenticates and validates the request, documents the call in `/openapi.json`,
 * separates 405 from 404, and in tests checks the response, so that none of these can disagree.
 */
import type { TObject, TSchema } from '@sinclair/typebox'
import type { Context, Next } from 'hono'
import { etag } from 'hono/etag'
import type { ProblemCode } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { answerOnce } from '../idempotency/answer_once.ts'
import { readRequiredKey, withoutNulls } from '../idempotency/key.ts'
import { applyLimit } from '../limits/apply_limit.ts'
import { admitUpload } from '../limits/intake.ts'
import type { PolicyName } from '../limits/policies.ts'
import { isRead, recordLastWrite } from '../read_routing.ts'
import { authenticate } from './authenticate.ts'
import { checkResponse } from './check_response.ts'
import type { Tag } from './tags.ts'
import type { Declared, Valid } from './types.ts'
import { readBody, readParams, readQuery, readText, readUpload, refuseBody } from './validate.ts'

/**
 * The inputs and outputs of a call. `answers` maps each success status to the schema of its body, or to null for an empty body.
 */
export type Operation = {
  id: string
  summary: string
  /** The details that the summary omits: the meaning of the call, and what to do after each problem. Markdown. */
  description: string
  tag: Tag
  /**
   * Whether the call needs a token. An optional token is checked too: a wrong one is 401. `late` is optional too, and the handler
   * reads the token, only if the response needs it.
   */
  signed_in?: boolean | 'optional' | 'late'
  params?: TObject
  query?: TObject
  headers?: TObject
  body?: TSchema
  /** Whether the body can be missing. A missing body is read as `{}`. */
  is_body_optional?: true
  /** A body of bytes instead of JSON, in `c.get('upload')`. `types` are documentation. The handler checks the bytes. */
  upload?: { types: readonly `image/${string}`[]; max_bytes: number }
  /** The unparsed text of the body, in `c.get('raw_body')`, because a signature covers it. */
  raw_body?: true
  /**
   * The effect of an Idempotency-Key. With `honored` the first response is replayed, and with `required` a call without a key is
   * 400. With `own` the handler implements it.
   */
  idempotency?: 'honored' | 'required' | 'own'
  /** The rate limit that counts the call. The default is `user` with a token, and `address` without one. */
  limit?: PolicyName | 'none'
  answers: Record<number, TSchema | null>
  /** Members whose example in the document differs from the schema's, by status. */
  shows?: Record<number, Record<string, unknown>>
  /**
   * The use of the ETag of a success: a GET with If-None-Match (`revalidated`), or a write with If-Match (`versioned`).
   * `sendJson` adds ETag and `Cache-Control: no-cache` to a `revalidated` success, so it must be public.
   */
  etag?: 'revalidated' | 'versioned'
  /** OpenAPI links: by the id of a following call, runtime expressions that fill its parameters from this response. */
  links?: Record<string, Record<string, string>>
  /** The media type of a success. The default is application/json. */
  answer_type?: string
  problems?: readonly ProblemCode[]
}

const operationKey = Symbol('operation')

/** Sends 304 for a matching If-None-Match. */
const compareTags = etag()

/**
 * Returns the middleware of a declared call. It runs after `observe` and `boundLoad` (api.ts), and does in order: token, rate
 * limit, path, query, body, the first response of an Idempotency-Key, the handler, the comparison with If-None-Match.
 */
export function operation<const O extends Operation>(declaration: O): Declared<O> {
  const middleware: Declared<O> = async (c, next) => {
    await admit(c, declaration)
    if (declaration.params) c.req.addValidatedData('param', readParams(declaration.params, c.req.param()))
    c.req.addValidatedData('query', readQuery(declaration.query, c.req.url))
    if (declaration.body)
      c.req.addValidatedData('json', (await readBody({ ...declaration, body: declaration.body }, c)) as object)
    if (declaration.raw_body) c.set('raw_body', await readText(c))
    if (!takesBody(declaration) && !isRead(c.req.method)) await refuseBody(c)
    // From here on the body is complete, unless it is an upload. Nothing below waits for it.
    if (!declaration.upload) c.get('takeSlot')?.()
    if (declaration.idempotency === 'required') readRequiredKey(c.req.header('idempotency-key'))
    if (c.get('user_id') && !isRead(c.req.method)) recordLastWrite(c)
    if (declaration.upload) await takeUpload(c, declaration.upload.max_bytes, next)
    else if (isAnsweredOnce(declaration)) await answerOnce(c, requestOf(c), next)
    else if (declaration.etag === 'revalidated') await revalidate(c, next)
    else await next()
    if (c.get('check_answers')) await checkResponse(declaration, c as unknown as Context)
  }
  return Object.assign(middleware, { [operationKey]: declaration })
}

/** Whether a call takes a body. Other calls refuse one, because they would ignore its content. */
export function takesBody({ body, upload, raw_body }: Operation): boolean {
  return body !== undefined || upload !== undefined || raw_body === true
}

/** Whether the first response of a key is replayed. */
function isAnsweredOnce({ idempotency }: Operation): boolean {
  return idempotency === 'honored' || idempotency === 'required'
}

/**
 * Returns the parts that must be equal if an Idempotency-Key is repeated: path, body and If-Match. In a POST null means a missing
 * field. In a PATCH it removes a value.
 */
function requestOf(c: Context<Env, string, { out: Valid<Operation> }>): unknown[] {
  const condition = c.req.header('if-match')
  const body = c.req.method === 'POST' ? withoutNulls(c.req.valid('json')) : c.req.valid('json')
  return [c.req.valid('param'), body, ...(condition === undefined ? [] : [condition])]
}

/**
 * Throws 401 if the call needs a token and has no valid one, and 429 for too many calls. An invalid token counts against the
 * caller's address.
 */
async function admit(c: Context<Env>, { signed_in, limit }: Operation): Promise<void> {
  const is_known = signed_in === 'optional' ? c.req.header('authorization') !== undefined : signed_in === true
  if (is_known)
    await authenticate(c).catch(async (error) => {
      await applyLimit(c, 'address')
      throw error
    })
  if (limit !== 'none') await applyLimit(c, limit ?? (is_known ? 'user' : 'address'))
}

/** Runs a public read whose caller can have the response already. */
async function revalidate(c: Context<Env>, next: Next): Promise<void> {
  c.set('is_revalidated', true)
  if (c.req.header('if-none-match') === undefined) await next()
  else await compareTags(c, next)
}

/** Runs a call with its upload, which holds its share of the upload memory until the response. */
function takeUpload(c: Context<Env>, max_bytes: number, next: Next): Promise<void> {
  return admitUpload(c, max_bytes, async (room) => {
    c.set('upload', await readUpload(max_bytes, room, c))
    c.get('takeSlot')?.()
    await next()
  })
}

/** Returns the declaration of a handler in `app.routes`, or undefined if the handler declares no operation. */
export function declarationOf(handler: unknown): Operation | undefined {
  return (handler as { [operationKey]?: Operation })[operationKey]
}
