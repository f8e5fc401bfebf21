/** The headers that all calls share, in requests and responses. Each is documented once under `components`. */

import { IDEMPOTENCY_KEY } from '../idempotency/key.ts'
import type { Operation } from '../operation/operation.ts'
import type { Json } from './plain_schema.ts'

const string = { type: 'string' }
const seconds = { type: 'string', pattern: '^[0-9]+$' }

/** A header that is `required` comes with every response that names it. */
const answerHeaders = {
  'X-Request-Id': {
    description: 'The id of the call in the logs: the X-Request-Id of the request, if it has one.',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
    example: '0c8f2c8e-6c1b-4a6b-9d0a-3f5f0c3b7f1e',
  },
  RateLimit: {
    description: 'The calls left (r), and the seconds until the limit resets (t).',
    required: true,
    schema: string,
    example: '"user";r=1187;t=42',
  },
  'RateLimit-Policy': {
    description: 'The rate limit of this call: the number of calls (q) and the window in seconds (w).',
    required: true,
    schema: string,
    example: '"user";q=1200;w=60',
  },
  'Retry-After': { description: 'Seconds to wait before the next try.', required: true, schema: seconds, example: '30' },
  'WWW-Authenticate': { description: 'The authentication scheme.', required: true, schema: string, example: 'Bearer' },
  ETag: {
    description: 'The version of the resource, for If-None-Match. That of a listing or a shop is also for If-Match.',
    required: true,
    schema: { type: 'string', pattern: '^(W/)?"' },
    example: '"1-1764547200000000"',
  },
  Location: { description: 'The URL of the resource.', required: true, schema: { type: 'string', format: 'uri-reference' } },
  'Content-Disposition': {
    description: 'The name of the file.',
    required: true,
    schema: string,
    example: 'attachment; filename="statement-1-2026-11.csv"',
  },
  Link: {
    description: 'The URL of the next page, as rel="next". Missing on the last page.',
    schema: string,
    example: '</v1/search?q=bowl&cursor=WzEyXQ.4mPzO2>; rel="next"',
  },
  'Idempotency-Replayed': {
    description: 'true if the response is a replay of the first call with this Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
  },
} satisfies Record<string, Json>

export type AnswerHeader = keyof typeof answerHeaders

/** For `components.headers`. */
export const headerComponents: Json = answerHeaders

/** Returns references to the headers of a response. */
export function refer(names: readonly AnswerHeader[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** For a response that ends by itself for only one of its reasons. */
export const retryAfterSometimes: Json = { 'Retry-After': { ...answerHeaders['Retry-After'], required: false } }

/** For a response that a key can replay. A replay has no ETag, because the resource can have changed since. */
export const etagUnlessReplayed: Json = { ETag: { ...answerHeaders.ETag, required: false } }

/** Returns the headers of every response of a call, whatever its status. */
export function commonHeaders({ limit }: Operation): AnswerHeader[] {
  return limit === 'none' ? ['X-Request-Id'] : ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']
}

/** Returns the request headers that follow from the declaration of a call. */
export function describeDerivedHeaders({ idempotency, etag }: Operation): Json[] {
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: idempotency === 'own' || idempotency === 'required',
    description:
      'Makes retries safe: the server runs the call once per key. 1 to 255 printable ASCII characters, with or without ' +
      'quotes.',
    schema: { type: 'string', ...IDEMPOTENCY_KEY, examples: ['6f1c0a3e-9b5d-4c57-8a39-0d6f3f1f5a10'] },
  }
  const match = {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of your copy. The call returns 304 if the copy is current.',
    schema: string,
  }
  return [...(idempotency ? [key] : []), ...(etag === 'revalidated' ? [match] : [])]
}
