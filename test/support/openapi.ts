/** Reads the server's OpenAPI document, so that a test can check all calls. */
import { registerSchema, validate } from '@hyperjump/json-schema/openapi-3-1'
import { expectStatus } from './api.ts'
import { startServer } from './server.ts'

export type Schema = {
  $ref?: string
  type?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  examples?: unknown[]
  minimum?: number
  maximum?: number
  minLength?: number
}
export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Schema }
type Content = Record<string, { schema: Schema; example?: unknown; examples?: Record<string, unknown> }>
type Link = { operationId: string; parameters: Record<string, string> }
type Answer = {
  $ref?: string
  description: string
  headers?: Record<string, unknown>
  content?: Content
  links?: Record<string, Link>
}
export type OperationObject = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, Answer>
}
export type OpenApi = {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string; variables: { origin: { default: string } } }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, OperationObject>>
  components: { schemas: Record<string, Schema>; responses: Record<string, Answer> }
}

/** A call of the document. `pointer` is the JSON pointer of its operation. */
export type Operation = OperationObject & {
  method: string
  path: string
  pointer: string
  /** `signed_in`: the call accepts a token. `needs_sign_in`: the call requires a token. */
  signed_in: boolean
  needs_sign_in: boolean
  body: Schema | undefined
}

const DOCUMENT_URI = 'https://stallwright.test/openapi.json'

let registered = false

/** Reads the document and registers it, because `conforms` needs that. */
export async function readOpenApi(): Promise<OpenApi> {
  const { api } = await startServer()
  const document = expectStatus(await api<OpenApi>('GET', '/openapi.json'), 200)
  if (!registered) registerSchema(document as never, DOCUMENT_URI, 'https://spec.openapis.org/oas/3.1/schema-base')
  registered = true
  return document
}

/** Returns every operation of the document. */
export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, one]) => [status, resolveAnswer(document, one)]),
      ),
      method: method.toUpperCase(),
      path,
      pointer: `#/paths/${escapePointer(path)}/${method}`,
      signed_in: operation.security.length > 0,
      needs_sign_in: operation.security.length > 0 && operation.security.every((one) => 'session' in one),
      body: operation.requestBody?.content['application/json']?.schema,
    })),
  )
}

/** Returns the operations with their names, for `test.each`. */
export function named(operations: Operation[]): [name: string, operation: Operation][] {
  return operations.map((operation) => [`${operation.method} ${operation.path}`, operation])
}

/** Returns the body with this value at this key path. A list gets the value in its first entry. */
export function putInto(body: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(body)) return [putInto(body[0], rest, value)]
  if (body === undefined && key === '0') return [putInto(undefined, rest, value)]
  const fields = (body ?? {}) as Record<string, unknown>
  return { ...fields, [key]: putInto(fields[key], rest, value) }
}

/** Returns every object of the document with a `type`, its path, and the name of its property or parameter. */
export function allSchemas(node: unknown, path = '#', name = ''): { path: string; name: string; schema: Schema }[] {
  if (node === null || typeof node !== 'object') return []
  const given = node as Record<string, unknown>
  const own = typeof given.type === 'string' ? [{ path, name, schema: given as Schema }] : []
  // The schema of a parameter has the parameter's name. A member of a union or a list has the name of its parent.
  const inner = typeof given.name === 'string' ? given.name : name
  const children = Object.entries(given).filter(([key]) => !['example', 'examples'].includes(key))
  return [
    ...own,
    ...children.flatMap(([key, child]) => allSchemas(child, `${path}/${key}`, /\/properties$/.test(path) ? key : inner)),
  ]
}

/** Returns whether a value matches the schema at this pointer of the document. Does not check formats. */
export async function conforms(pointer: string, value: unknown): Promise<boolean> {
  return (await validate(DOCUMENT_URI + encodeURI(pointer), value as never)).valid
}

/** Returns the operation's path. Each parameter is an unused id, the first value of its enumeration, or its first example. */
export function pathToNothing({ path, parameters = [] }: Operation): string {
  return path.replace(/\{(\w+)\}/g, (_, name) => {
    const schema = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema
    return String(schema?.type === 'integer' ? Number.MAX_SAFE_INTEGER : (schema?.enum?.[0] ?? schema?.examples?.[0]))
  })
}

function resolveAnswer(document: OpenApi, answer: Answer): Answer {
  if (!answer.$ref) return answer
  const found = document.components.responses[answer.$ref.replace('#/components/responses/', '')]
  if (!found) throw new Error(`${answer.$ref} leads nowhere`)
  return found
}

/** Returns the schema that a chain of references leads to. */
export function resolveSchema(document: OpenApi, schema: Schema): Schema {
  if (!schema.$ref) return schema
  const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]
  if (!found) throw new Error(`${schema.$ref} leads nowhere`)
  return resolveSchema(document, found)
}

/** Returns a value that matches the schema, with its optional fields. `known` has required values of fields, by name. */
export function sampleOf(document: OpenApi, given: Schema, known: Record<string, unknown>, name = ''): unknown {
  const schema = resolveSchema(document, given)
  if (name in known) return known[name]
  if (schema.examples) return schema.examples[0]
  if (schema.enum) return schema.enum[0]
  if ('const' in schema) return schema.const
  if (schema.anyOf) return sampleOf(document, schema.anyOf[0] as Schema, known)
  if (schema.type === 'object') {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([key, property]) => [key, sampleOf(document, property, known, key)]),
    )
  }
  if (schema.type === 'array') return [sampleOf(document, schema.items as Schema, known)]
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (schema.type === 'boolean') return true
  return schema.format === 'uri' ? 'https://example.com/picture.jpg' : 'Sample'.padEnd(schema.minLength ?? 0, 'x')
}

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
