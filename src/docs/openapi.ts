/** OpenAPI 3.1, made from the very declarations that validate requests: a document that cannot drift. */
import type { TObject } from '@sinclair/typebox'
import type { Hono } from 'hono'
import packageJson from '../../package.json' with { type: 'json' }
import type { Env } from '../http/env.ts'
import { declarationOf, type Operation } from '../http/operation.ts'
import { type Components, describeAnswers } from './answers.ts'
import { exampleOf } from './example_of.ts'
import { describeDerivedHeaders, headerComponents } from './headers.ts'
import { type Json, plain } from './plain_schema.ts'
import { inputErrorSchema, problemSchema } from './problems.ts'

const DESCRIPTION = `The open backend for marketplaces of handmade and vintage goods. Money is US dollars as decimal strings, times are
RFC 3339 in UTC, text is any Unicode but NUL, errors are RFC 9457 problems. An unknown field is 422, an unknown query parameter 400, an
empty one as good as absent; another method than those below is 405 with \`Allow\`; 431 without a body is what a URL and headers above 16 KiB get.`

/** The document for all declared calls of an app, `/metrics` and the like included. */
export function describeApi(app: Hono<Env>): Json {
  const components: Components = {
    schemas: { InputError: inputErrorSchema, Problem: problemSchema },
    responses: {},
    examples: {},
  }
  const paths: Record<string, Json> = {}
  for (const route of app.routes) {
    const declaration = declarationOf(route.handler)
    if (!declaration) continue
    const path = (route.path.replace(/\/$/, '') || '/').replace(/:(\w+)/g, '{$1}')
    const methods = paths[path] ?? {}
    paths[path] = { ...methods, [route.method.toLowerCase()]: describeOperation(declaration, components) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stallwright',
      version: packageJson.version,
      description: DESCRIPTION.replaceAll('\n', ' '),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      ...components,
      headers: headerComponents,
      securitySchemes: { session: { type: 'http', scheme: 'bearer', description: 'The token of POST /v1/sessions.' } },
    },
  }
}

function describeOperation(operation: Operation, components: Components): Json {
  const { schemas } = components
  const parameters = [
    ...describeParameters('path', operation.params, schemas),
    ...describeParameters('query', operation.query, schemas),
    ...describeParameters('header', operation.headers, schemas),
    ...describeDerivedHeaders(operation),
  ]
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [operation.tag],
    security: operation.signed_in ? [...(operation.signed_in === 'optional' ? [{}] : []), { session: [] }] : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...describeBody(operation, schemas),
    responses: describeAnswers(operation, components),
  }
}

function describeBody({ body, upload }: Operation, schemas: Json): Json {
  if (body) {
    const content = { 'application/json': { schema: plain(body, schemas), example: exampleOf(body) } }
    return { requestBody: { required: true, content } }
  }
  if (!upload) return {}
  const schema = { type: 'string', format: 'binary' }
  return { requestBody: { required: true, content: Object.fromEntries(upload.types.map((type) => [type, { schema }])) } }
}

function describeParameters(where: string, schema: TObject | undefined, schemas: Json): Json[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (schema?.required?.includes(name) ?? false),
    ...(where === 'query' ? { allowEmptyValue: true } : {}),
    schema: plain(property, schemas),
    ...(property.description ? { description: property.description } : {}),
  }))
}
