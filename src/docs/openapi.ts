/** OpenAPI 3.1, made from the very declarations that validate requests: a document that cannot drift. */
import type { TObject, TSchema } from '@sinclair/typebox'
import type { Hono } from 'hono'
import { version } from '../../package.json'
import type { Env } from '../http/env.ts'
import { declarationOf, type Operation } from '../http/operation.ts'
import { type ProblemCode, problemKinds } from '../problem.ts'

type Json = Record<string, unknown>

/** The document for all declared calls of an app, `/metrics` and the like included. */
export function describeApi(app: Hono<Env>): Json {
  const schemas: Json = { Problem: problemSchema }
  const paths: Record<string, Json> = {}
  for (const route of app.routes) {
    const declaration = declarationOf(route.handler)
    if (!declaration) continue
    const path = (route.path.replace(/\/$/, '') || '/').replace(/:(\w+)/g, '{$1}')
    const methods = paths[path] ?? {}
    paths[path] = { ...methods, [route.method.toLowerCase()]: describeOperation(declaration, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stallwright',
      version,
      description:
        'The open backend for marketplaces of handmade and vintage goods. Money is US dollars as decimal strings, times are RFC 3339 in UTC, errors are RFC 9457 problems.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: { session: { type: 'http', scheme: 'bearer', description: 'The token of POST /v1/sessions.' } },
    },
  }
}

function describeOperation(operation: Operation, schemas: Json): Json {
  const parameters = [
    ...describeParameters('path', operation.params, schemas),
    ...describeParameters('query', operation.query, schemas),
    ...describeParameters('header', operation.headers, schemas),
  ]
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    security: operation.signed_in ? [...(operation.signed_in === 'optional' ? [{}] : []), { session: [] }] : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...describeBody(operation, schemas),
    responses: { ...describeAnswers(operation, schemas), ...describeProblems(operation) },
  }
}

function describeBody({ body, upload }: Operation, schemas: Json): Json {
  const types = body ? ['application/json'] : (upload?.types ?? [])
  const schema = body ? plain(body, schemas) : { type: 'string', format: 'binary' }
  if (types.length === 0) return {}
  return { requestBody: { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) } }
}

function describeParameters(where: string, schema: TObject | undefined, schemas: Json): Json[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (schema?.required?.includes(name) ?? false),
    schema: plain(property, schemas),
    ...(property.description ? { description: property.description } : {}),
  }))
}

function describeAnswers(operation: Operation, schemas: Json): Json {
  const answers = Object.entries(operation.answers).map(([status, schema]) => [
    status,
    schema
      ? {
          description: operation.summary,
          content: { [operation.answer_type ?? 'application/json']: { schema: plain(schema, schemas) } },
        }
      : { description: `${operation.summary}: done` },
  ])
  return Object.fromEntries(answers)
}

function describeProblems(operation: Operation): Json {
  const codes: ProblemCode[] = [...(operation.problems ?? []), 'invalid_query', 'internal_error', 'unavailable']
  if (operation.limit !== 'none') codes.push('too_many_requests')
  if (operation.signed_in) codes.push('unauthorized')
  if (operation.upload) codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type', 'invalid_input')
  if (operation.params || operation.query || operation.body) codes.push('invalid_input')
  if (operation.body) codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type')
  const byStatus = Object.groupBy([...new Set(codes)], (code) => String(problemKinds[code].status))
  const problems = Object.entries(byStatus).map(([status, of = []]) => [
    status,
    {
      description: of.map((code) => `\`${code}\`: ${problemKinds[code].title}`).join(' · '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ])
  return Object.fromEntries(problems)
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problemKinds) },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
}

/** A schema as plain JSON: named ones move to `components`, words of our own (`hint`) stay behind. */
function plain(schema: TSchema, schemas: Json): unknown {
  return lift(JSON.parse(JSON.stringify(schema)), schemas)
}

function lift(node: unknown, schemas: Json): unknown {
  if (Array.isArray(node)) return node.map((member) => lift(member, schemas))
  if (node === null || typeof node !== 'object') return node
  const { $id, hint: _hint, ...rest } = node as Json
  if (typeof rest.$ref === 'string' && !rest.$ref.startsWith('#')) return { $ref: `#/components/schemas/${rest.$ref}` }
  const { properties, ...others } = rest
  const lifted: Json = Object.fromEntries(Object.entries(others).map(([key, member]) => [key, lift(member, schemas)]))
  // A property may be called `hint` or `$id`: names of properties are no keywords.
  if (properties)
    lifted.properties = Object.fromEntries(Object.entries(properties).map(([key, member]) => [key, lift(member, schemas)]))
  if (typeof $id !== 'string') return lifted
  schemas[$id] = lifted
  return { $ref: `#/components/schemas/${$id}` }
}
