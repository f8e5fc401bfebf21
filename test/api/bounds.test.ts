/** Nothing that a call takes or answers is without a bound, as /openapi.json lists it: no text, list, number or page. */
import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../support/api.ts'
import { type Operation, operationsOf, type Parameter, readOpenApi, resolveSchema, type Schema } from '../support/openapi.ts'
import type { Page } from '../support/representations.ts'
import { startServer } from '../support/server.ts'

type Bounded = Schema & { maxLength?: number; maxItems?: number; maximum?: number; pattern?: string }

const { api } = await startServer()
const document = await readOpenApi()
const operations = operationsOf(document)
const resolve = (schema: Schema) => resolveSchema(document, schema) as Bounded

/** A pattern that is anchored and repeats nothing without end; a moment has its form. */
function isOfBoundedForm({ enum: words, pattern = '', format }: Bounded): boolean {
  const takes = pattern.replace(/\(\?!(?:[^()]|\([^()]*\))*\)/g, '')
  return words !== undefined || format === 'date-time' || (/^\^.*\$$/.test(takes) && !/[*+]|,\}/.test(takes))
}

/** Where a value may be of any size, as pointers. */
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

const named = (wanted: Operation[]) => wanted.map((operation): [string, Operation] => [operation.operationId, operation])
/** Names of headers that a proxy or this server bounds as it bounds all headers. */
const isInUrl = ({ in: place }: Parameter) => place !== 'header'

describe('what a call takes is bounded', () => {
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

  test('whatever is asked for', async () => {
    expectProblem(await api('GET', '/v1/search?limit=101'), 422, 'invalid_input')
    expect(expectStatus(await api<Page<unknown>>('GET', '/v1/search?limit=100'), 200).items.length).toBeWithin(1, 101)
  })
})
