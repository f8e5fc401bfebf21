/** Renders OpenAPI 3.1 from the declarations that validate requests, so the document cannot drift. */
import type { TObject } from '@sinclair/typebox'
import type { Hono } from 'hono'
import packageJson from '../../../package.json' with { type: 'json' }
import type { Env } from '../env.ts'
import { declarationOf, type Operation } from '../operation/operation.ts'
import { tags } from '../operation/tags.ts'
import { type Components, describeAnswers } from './answers.ts'
import { exampleOf } from './example_of.ts'
import { describeDerivedHeaders, headerComponents } from './headers.ts'
import { type Json, plain } from './plain_schema.ts'
import { inputErrorSchema, problemSchema } from './problems.ts'

const DESCRIPTION = `The open backend for marketplaces of handmade and vintage goods.

**First steps.**
1. Register: \`POST /v1/users\`.
2. Sign in: \`POST /v1/sessions\`. Send its token with every further call as \`Authorization: Bearer <token>\`.
3. Find two items: \`GET /v1/search?q=vintage\`. Add each to the cart: \`POST /v1/cart/items\`.
4. Read the cart and its total: \`GET /v1/cart\`.
5. Pay: \`POST /v1/checkout\` with a new \`Idempotency-Key\` and the total as \`expected_total\`. In a local run
   \`pm_card_visa\` always pays.

**Values.** Money is US dollars as a decimal string, such as \`"24.50"\`. Times are RFC 3339 in UTC. Ids are integers of up to
53 bits. Text is any Unicode except the NUL character.

**Lists** are \`{items, next_cursor}\`. Send \`next_cursor\` as \`cursor\` to get the next page; the \`Link\` header has the
whole URL.

**Errors** are \`application/problem+json\` (RFC 9457). Programs read \`code\`, people read \`detail\`. \`errors\` names the
fields of a 422. An unknown field is 422, an unknown query parameter is 400, an empty query parameter counts as missing. A path with
other methods returns 405 with \`Allow\`. A URL with headers above 16 KiB is 431, without a body.

**Limits.** \`RateLimit\` has the number of calls left. On 429 and 503, wait for the seconds in \`Retry-After\`.
\`X-Request-Id\` is the id of the call in the logs of the service.`

const TOKEN =
  'The token of POST /v1/sessions. A public call that takes a token can return 401 for an expired one: repeat it without a token.'

/** The URL of the service without PUBLIC_URL: a local run. */
const LOCAL_URL = 'http://localhost:3000'
const ORIGIN = 'The PUBLIC_URL of the service, or a local run.'

/**
 * Returns the document for all declared calls of an app, including `/metrics`. `public_url` is the absolute URL of the service,
 * because generated clients use it as their default.
 */
export function describeApi(app: Hono<Env>, public_url = LOCAL_URL): Json {
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
    paths[path] = { ...methods, [route.method.toLowerCase()]: describeOperation(declaration, components, route.method) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stallwright',
      version: packageJson.version,
      description: DESCRIPTION,
      contact: { name: 'Stallwright' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '{origin}', variables: { origin: { default: public_url, description: ORIGIN } } }],
    tags,
    paths,
    components: {
      ...components,
      headers: headerComponents,
      securitySchemes: { session: { type: 'http', scheme: 'bearer', description: TOKEN } },
    },
  }
}

function describeOperation(operation: Operation, components: Components, method: string): Json {
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
    description: operation.description,
    tags: [operation.tag],
    security: operation.signed_in ? [...(operation.signed_in === true ? [] : [{}]), { session: [] }] : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...describeBody(operation, schemas),
    responses: describeAnswers(operation, components, method),
  }
}

function describeBody({ body, is_body_optional, upload }: Operation, schemas: Json): Json {
  if (body) {
    const content = { 'application/json': { schema: plain(body, schemas), example: exampleOf(body) } }
    return { requestBody: { required: !is_body_optional, content } }
  }
  if (!upload) return {}
  const schema = { type: 'string', format: 'binary' }
  return { requestBody: { required: true, content: Object.fromEntries(upload.types.map((type) => [type, { schema }])) } }
}

function describeParameters(where: string, schema: TObject | undefined, schemas: Json): Json[] {
  const isRequired = (name: string) => where === 'path' || (schema?.required?.includes(name) ?? false)
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: isRequired(name),
    // An empty parameter is one that was not sent.
    ...(where === 'query' && !isRequired(name) ? { allowEmptyValue: true } : {}),
    schema: plain(property, schemas),
    ...(property.description ? { description: property.description } : {}),
  }))
}
