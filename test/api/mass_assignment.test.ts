/** A body with an undeclared field fails and names the field: every field of any representation, and an attacker's guesses. */
import { describe, expect, test } from 'bun:test'
import { expectProblem, fieldsOf } from '../support/api.ts'
import {
  escapePointer,
  operationsOf,
  pathToNothing,
  readOpenApi,
  resolveSchema,
  type Schema,
  sampleOf,
} from '../support/openapi.ts'
import { startServer } from '../support/server.ts'
import { signUp } from '../support/shopper.ts'

const { api } = await startServer()
const document = await readOpenApi()
const { token } = await signUp()

const GUESSED = [
  'role',
  'is_admin',
  'owner_id',
  'user_id',
  'buyer_id',
  'seller_id',
  'shop_id',
  'status',
  'state',
  'rating',
  'review_count',
  'sales_count',
]
const shown = Object.values(document.components.schemas).flatMap((schema) => Object.keys(schema.properties ?? {}))
const names = [...new Set([...shown, ...GUESSED])]

/** Returns the key paths of the objects of a body. */
function objectsIn(given: Schema, above: string[] = []): { place: string[]; fields: string[] }[] {
  const schema = resolveSchema(document, given)
  if (schema.anyOf) return objectsIn(schema.anyOf[0] as Schema, above)
  const properties = Object.entries(schema.properties ?? {})
  if (schema.type !== 'object') return []
  const inside = properties.flatMap(([key, property]) => objectsIn(property, [...above, key]))
  return [{ place: above, fields: properties.map(([key]) => key) }, ...inside]
}

function addField(body: unknown, [key, ...rest]: string[], name: string): unknown {
  const fields = body as Record<string, unknown>
  return key === undefined ? { ...fields, [name]: '1' } : { ...fields, [key]: addField(fields[key], rest, name) }
}

const withBodies = operationsOf(document).filter(({ body, operationId }) => body && operationId !== 'receivePaymentEvent')

describe('a field that the body does not declare', () => {
  test.each(withBodies.map((operation) => [operation.operationId, operation] as const))('%s', async (_, operation) => {
    const schema = operation.body as Schema
    let tried = 0
    for (const { place, fields } of objectsIn(schema)) {
      for (const name of names.filter((one) => !fields.includes(one))) {
        const body = addField(sampleOf(document, schema, {}), place, name)
        const answer = await api(operation.method, pathToNothing(operation), {
          body,
          token,
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        })
        const pointer = `#${[...place, name].map((key) => `/${escapePointer(key)}`).join('')}`
        expect(fieldsOf(expectProblem(answer, 422, 'invalid_input'))).toContain(pointer)
        tried += 1
      }
    }
    expect(tried).toBeGreaterThan(GUESSED.length)
  })
})
