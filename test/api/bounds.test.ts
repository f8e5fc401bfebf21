/** Every text, list, number and page of a request or response has a limit in /openapi.json. */
import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../support/api.ts'
import { named, operationsOf, type Parameter, readOpenApi, resolveSchema, type Schema } from '../support/openapi.ts'
import type { Page } from '../support/responses.ts'
import { startServer } from '../support/server.ts'

type Bounded = Schema & { maxLength?: number; maxItems?: number; maximum?: number; pattern?: string }

const { api } = await startServer()
const document = await readOpenApi()
const operations = operationsOf(document)
const resolve = (schema: Schema) => resolveSchema(document, schema) as Bounded

/** Returns whether a text is bounded: an anchored pattern without unlimited repetition, or a date-time. */
function isOfBoundedForm({ enum: words, pattern = '', format }: Bounded): boolean {
  const takes = pattern.replace(/\(\?!(?:[^()]|\([^()]*\))*\)/g, '')
  return words !== undefined || format === 'date-time' || (/^\^.*\$$/.test(takes) && !/[*+]|,\}/.test(takes))
}

/** Returns the pointers of unbounded values. */
function unboundedIn(given: Schema, pointer: string): string[] {
  const schema = resolve(given)
  if (schema.anyOf) return schema.anyOf.flatMap((one) => unboundedIn(one, pointer))
  switch (schema.type) {
    case 'string':
      return schema.maxLength !== undefined || isOfBoundedForm(schema) ? [] : [pointer]
    case 'integer':
    case 'number':
      return schema.maximum === undefined || schema.minimum === undefined ? [pointer] : []
    case 'array':
      return [...(schema.maxItems === undefined ? [pointer] : []), ...unboundedIn(schema.items as Schema, `${pointer}/0`)]
    case 'object':
      return Object.entries(schema.properties ?? {}).flatMap(([key, one]) => unboundedIn(one, `${pointer}/${key}`))
    default:
      return schema.type === 'boolean' || schema.type === 'null' ? [] : [pointer]
  }
}

/** Headers that a proxy or this server limits like all headers. */
const isInUrl = ({ in: place }: Parameter) => place !== 'header'

describe('the input of a call is bounded', () => {
  test.each(named(operations.filter(({ body, parameters = [] }) => body || parameters.some(isInUrl))))('%s', (_, operation) => {
    const { body, parameters = [] } = operation
    expect(parameters.filter(isInUrl).flatMap(({ name, schema }) => unboundedIn(schema, `#/${name}`))).toEqual([])
    expect(body ? unboundedIn(body, '#') : []).toEqual([])
  })
})

const lists = operations.filter(({ responses }) => {
  const success = Object.entries(responses).find(([status]) => status === '200')?.[1]
  const schema = success?.content?.['application/json']?.schema
  return schema && 'next_cursor' in (resolve(schema).properties ?? {})
})

describe('a list is read in pages of at most 100', () => {
  test.each(named(lists))('%s', (_, { parameters = [] }) => {
    expect(parameters.find(({ name }) => name === 'limit')?.schema).toMatchObject({ minimum: 1, maximum: 100, default: 24 })
  })

  test('for any limit in the query', async () => {
    expectProblem(await api('GET', '/v1/search?limit=101'), 422, 'invalid_input')
    expect(expectStatus(await api<Page<unknown>>('GET', '/v1/search?limit=100'), 200).items.length).toBeWithin(1, 101)
  })
})
