/** Reads path, query and body by their schemas. Throws the problem that names the error. */
import { Kind, type Static, type TObject, type TSchema } from '@sinclair/typebox'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/value'
import type { Context } from 'hono'
import { type InputError, invalidInput, Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { awaitBody, MAX_UPLOAD_MS } from '../limits/intake.ts'
import type { UploadRoom } from '../limits/upload_memory.ts'
import { parametersOf } from '../path.ts'
import { describeText, type TText, tooLong, tooShort } from '../text.ts'
import { compile } from './compile.ts'

/** Enough for 13 tags, 10 image URLs and a long description. Pictures are not sent as JSON. */
const MAX_BODY_BYTES = 256 * 1024
/** Slow phones send 256 KiB in this time. */
const MAX_BODY_MS = 5_000
/** No declared body is deeper than 3. */
const MAX_DEPTH = 16
const MAX_ERRORS = 20

/** Returns the path's variables, as numbers if the schema has numbers. Throws 422 that names an invalid variable. */
export function readParams<S extends TObject>(schema: S, values: Record<string, string>): Static<S> {
  return check(schema, coerce(schema, values)) as Static<S>
}

/**
 * Returns the query's parameters. Throws 400 for an unknown name, and 422 for an invalid, repeated or unreadable value. Only a
 * parameter whose schema is an array can be repeated, and its errors name the parameter without a place.
 */
export function readQuery<S extends TObject>(schema: S | undefined, url: string): Static<S> {
  if (!schema && !url.includes('?')) return {} as Static<S>
  const values: Record<string, string | string[]> = {}
  for (const [name, value] of parametersOf(url)) {
    if (!schema || !Object.hasOwn(schema.properties, name))
      throw new Problem('invalid_query', `The query parameter "${printable(name)}" does not exist.`, {
        errors: [{ pointer: `#/${printable(name)}`, detail: 'is not a known query parameter' }],
      })
    if (schema.properties[name]?.type === 'array') {
      if (value !== '') values[name] = [...((values[name] as string[] | undefined) ?? []), value]
      continue
    }
    if (Object.hasOwn(values, name)) throw invalidInput([{ pointer: `#/${name}`, detail: 'must be given once' }])
    if (value !== '') values[name] = value
  }
  return (schema ? check(schema, coerce(schema, values), (path) => path.replace(/\/\d+$/, '')) : {}) as Static<S>
}

/**
 * Returns the JSON body. Throws 415 for another media type, 413 above 256 KiB, 408 after 5 s, 400 for invalid JSON, and 422 for
 * the wrong shape. An empty body under any Content-Type is `{}` if the body is optional.
 */
export async function readBody({ body, is_body_optional }: Declaration, c: Context<Env>): Promise<unknown> {
  const is_json = /^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')
  const text = is_json || is_body_optional ? (await readText(c)).replace(/^\uFEFF/, '') : ''
  if (is_body_optional && text.trim() === '') return check(body, {})
  if (!is_json) throw new Problem('unsupported_media_type', 'The Content-Type must be application/json.')
  return check(body, parseJson(text))
}
type Declaration = { body: TSchema; is_body_optional?: true }

/**
 * Checks a write without a body. An empty body and `{}` pass under any Content-Type. Throws 422 for other fields, 400 for
 * invalid JSON, 413 above 256 KiB, and 408 after 5 s. A read needs no check, because no runtime passes on the body of a GET.
 */
export async function refuseBody(c: Context<Env>): Promise<void> {
  if (c.req.raw.body === null) return
  const text = (await readText(c)).replace(/^\uFEFF/, '')
  if (text.trim() === '') return
  const value = parseJson(text)
  const fields = isObject(value) ? Object.keys(value) : null
  if (fields?.length === 0) return
  const errors = fields
    ? fields.slice(0, MAX_ERRORS).map((name) => ({ pointer: `#/${printable(name)}`, detail: 'is not a known field' }))
    : [{ pointer: '#', detail: 'must be missing, or an empty object' }]
  throw new Problem('invalid_input', 'This call accepts no body.', { errors })
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Returns the bytes of a picture, with their declared type. Throws 415 for a type that is not a picture's, 413 above max_bytes,
 * 408 after 2 min, and 503 for a slow upload whose memory another upload needs.
 */
export async function readUpload(
  max_bytes: number,
  room: UploadRoom,
  c: Context<Env>,
): Promise<{ bytes: Uint8Array; type: string }> {
  const type = /^(image\/[\w.+-]+)\s*(;|$)/i.exec(c.req.header('content-type') ?? '')?.[1]
  if (!type) throw new Problem('unsupported_media_type', 'Send the bytes of the picture and its media type as Content-Type.')
  return { bytes: await readBytes(c, max_bytes, MAX_UPLOAD_MS, room), type: type.toLowerCase() }
}

/**
 * Returns the body as text, with its byte order mark, because a signature covers it. Throws 413 above 256 KiB, 408 after 5 s, and
 * 400 for invalid UTF-8.
 */
export async function readText(c: Context<Env>): Promise<string> {
  const bytes = await readBytes(c, MAX_BODY_BYTES, MAX_BODY_MS)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Problem('malformed_json', 'The body is not valid UTF-8.')
  }
}

async function readBytes(c: Context<Env>, max_bytes: number, within_ms: number, room?: UploadRoom): Promise<Uint8Array> {
  if (Number(c.req.header('content-length') ?? 0) > max_bytes) throw tooLarge(max_bytes)
  const reader = c.req.raw.body?.getReader()
  if (!reader) return new Uint8Array()
  try {
    return await awaitBody(c, within_ms, collect(reader, max_bytes, room), room?.signal)
  } catch (error) {
    reader.cancel().catch(() => {})
    throw error instanceof Problem ? error : new Problem('malformed_json', 'The body ended early.')
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  max_bytes: number,
  room?: UploadRoom,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) {
      room?.end()
      return Buffer.concat(chunks)
    }
    size += value.byteLength
    // A chunked body has no Content-Length.
    if (size > max_bytes) throw tooLarge(max_bytes)
    room?.note(size)
    chunks.push(value)
  }
}

function tooLarge(max_bytes: number): Problem {
  return new Problem('payload_too_large', `The body must not exceed ${max_bytes} bytes.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('malformed_json', 'The body is not valid JSON.')
  }
}

function check(schema: TSchema, value: unknown, nameOf = (path: string) => path): unknown {
  const unstorable = findUnstorableText(value, 0)
  if (unstorable) throw invalidInput([{ ...unstorable, pointer: `#${nameOf(unstorable.pointer)}` }])
  const compiled = compile(schema)
  if (compiled.Check(value)) return value
  const errors: InputError[] = []
  for (const any of compiled.Errors(value)) {
    const error = insideNullable(any)
    const pointer = `#${nameOf(error.path)}`
    if (!errors.some((known) => known.pointer === pointer)) errors.push({ pointer, detail: describe(error) })
    if (errors.length === MAX_ERRORS) break
  }
  throw invalidInput(errors)
}

/** Returns the error of the first text that PostgreSQL cannot store: it stores no NUL, and changes half a surrogate pair. */
function findUnstorableText(value: unknown, depth: number): InputError | null {
  if (depth > MAX_DEPTH) throw invalidInput([{ pointer: '#', detail: `is nested deeper than ${MAX_DEPTH} levels` }])
  if (typeof value === 'string') {
    if (value.includes('\0')) return { pointer: '', detail: 'must not contain a NUL character' }
    return value.isWellFormed() ? null : { pointer: '', detail: 'must be well-formed Unicode' }
  }
  if (value === null || typeof value !== 'object') return null
  for (const key of Object.keys(value)) {
    const found = findUnstorableText(key, depth + 1) ?? findUnstorableText((value as Record<string, unknown>)[key], depth + 1)
    if (found) return { ...found, pointer: `/${printable(key)}${found.pointer}` }
  }
  return null
}

function printable(key: string): string {
  return key.slice(0, 100).toWellFormed().replaceAll('\0', '\u{fffd}').replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Converts strings of a URL to the numbers and booleans that they spell exactly. Other strings stay text and fail the check. */
function coerce(schema: TObject, values: Record<string, string | string[]>): Record<string, unknown> {
  const spelled: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(schema.properties)) {
    const value = values[name]
    if (value === undefined) {
      if ('default' in property) spelled[name] = property.default
    } else if (typeof value !== 'string') spelled[name] = value
    else if (property.type === 'integer' && /^-?\d{1,16}$/.test(value)) spelled[name] = Number(value)
    else if (property.type === 'boolean' && /^(true|false)$/.test(value)) spelled[name] = value === 'true'
    else spelled[name] = value
  }
  return spelled
}

/** Returns the error inside an object that could have been null, with its whole path, so that the pointer names the field. */
function insideNullable(error: ValueError): ValueError {
  const schema = withoutNull(error.schema as TSchema & Record<string, unknown>)
  const inner = schema.type === 'object' && schema !== error.schema ? compile(schema).Errors(error.value).First() : undefined
  return inner ? insideNullable({ ...inner, path: error.path + inner.path }) : error
}

/** Returns the error in words. `hint` on a schema explains a pattern or format. */
function describe(error: ValueError): string {
  const schema = withoutNull(error.schema as TSchema & Record<string, unknown>)
  if (schema !== error.schema) return describe(compile(schema).Errors(error.value).First() ?? error)
  switch (error.type) {
    case ValueErrorType.ObjectRequiredProperty:
      return 'is required'
    case ValueErrorType.ObjectAdditionalProperties:
      return 'is not a known field'
    case ValueErrorType.StringMinLength:
      return tooShort(Number(schema.minLength))
    case ValueErrorType.StringMaxLength:
      return tooLong(Number(schema.maxLength))
    case ValueErrorType.Kind:
      return schema[Kind] === 'Text' ? describeText(schema as TText, error.value) : `must be ${expected(schema)}`
    case ValueErrorType.ObjectMinProperties:
      return 'must change at least one field'
    case ValueErrorType.ArrayMaxItems:
      return `must have at most ${schema.maxItems} entries`
    case ValueErrorType.ArrayUniqueItems:
      return 'must not name anything twice'
    case ValueErrorType.IntegerMinimum:
      return `must be at least ${schema.minimum}`
    case ValueErrorType.IntegerMaximum:
      return `must be at most ${schema.maximum}`
    default:
      return (schema.hint as string | undefined) ?? `must be ${expected(schema)}`
  }
}

/** Returns the schema without its null alternative, because a caller who sent a number did not mean null. */
function withoutNull(schema: TSchema & Record<string, unknown>): TSchema & Record<string, unknown> {
  const others = Array.isArray(schema.anyOf) ? schema.anyOf.filter((one) => one.type !== 'null') : []
  return others.length === 1 ? others[0] : schema
}

function expected(schema: TSchema & Record<string, unknown>): string {
  if (Array.isArray(schema.anyOf))
    return schema.anyOf.map((one) => ('const' in one ? JSON.stringify(one.const) : expected(one))).join(' or ')
  if (schema[Kind] === 'Literal') return JSON.stringify(schema.const)
  if (schema.format === 'email') return 'an e-mail address'
  if (schema.format === 'uri') return 'an http or https URL'
  return `a valid ${schema.type ?? 'value'}`
}
