/** A response has only declared fields. Tests run with CHECK_ANSWERS, which validates every response against its schema. */
import { describe, expect, test } from 'bun:test'
import { type Operation, operationsOf, readOpenApi, resolveSchema, type Schema } from '../support/openapi.ts'
import { startServer } from '../support/server.ts'
import { placeOrder, signUp } from '../support/shopper.ts'

type Closed = Schema & { additionalProperties?: unknown }

await startServer()
const document = await readOpenApi()
const operations = operationsOf(document)

/** The open parts of responses: the buyer's address, the details of an order event, the rows of an export, the document itself. */
const OPEN = /\/shipping_address$|^listOrderEvents #\/items\/0\/detail$|^exportMe #|^getOpenApi #$/

/** Returns the names of all fields, and pointers to objects that allow undeclared fields. Follows recursive schemas once. */
function look(given: Schema, pointer: string, seen: string[] = []): { fields: string[]; open: string[] } {
  if (given.$ref && seen.includes(given.$ref)) return { fields: [], open: [] }
  const inside = given.$ref ? [...seen, given.$ref] : seen
  const schema = resolveSchema(document, given) as Closed
  const parts = [
    ...(schema.anyOf ?? []).map((one) => look(one, pointer, inside)),
    ...(schema.items ? [look(schema.items, `${pointer}/0`, inside)] : []),
    ...Object.entries(schema.properties ?? {}).map(([key, one]) => look(one, `${pointer}/${key}`, inside)),
  ]
  const isClosed = schema.anyOf || (schema.type && schema.type !== 'object') || schema.additionalProperties === false
  return {
    fields: [...Object.keys(schema.properties ?? {}), ...parts.flatMap((part) => part.fields)],
    open: [...(isClosed ? [] : [pointer]), ...parts.flatMap((part) => part.open)],
  }
}

const answersOf = ({ responses }: Operation) =>
  Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { content = {} }]) => content['application/json']?.schema ?? [])

const named = operations.map((operation): [string, Operation] => [operation.operationId, operation])

describe('a response', () => {
  test.each(named)('%s has no undeclared field', (id, operation) => {
    const open = answersOf(operation).flatMap((schema) => look(schema, '#').open.map((pointer) => `${id} ${pointer}`))
    expect(open.filter((place) => !OPEN.test(place))).toEqual([])
  })

  test('has no password and no hash, an e-mail only for its owner, a token only when a session starts', () => {
    const showing = (name: RegExp) =>
      named
        .filter(([, operation]) =>
          answersOf(operation).some((schema) => look(schema, '#').fields.some((field) => name.test(field))),
        )
        .map(([id]) => id)
        .sort()
    expect(showing(/password|hash|payment_method|provider/)).toEqual([])
    expect(showing(/(?<!client_)secret/)).toEqual(['addSecondFactor'])
    // With it the buyer's own page asks the provider for the required action.
    expect(showing(/client_secret/)).toEqual(['cancelCheckout', 'checkOut', 'getCheckout'])
    expect(showing(/email/)).toEqual(['getMe', 'registerUser', 'signIn', 'startGuestSession', 'updateMe'])
    expect(showing(/token/)).toEqual(['signIn', 'startGuestSession'])
  })

  test("of a purchase shows the seller only the buyer's name and address", async () => {
    const { seller, buyer, order } = await placeOrder()
    const answers = [
      await seller.call('GET', `/v1/orders/${order.id}`),
      await seller.call('GET', `/v1/orders/${order.id}/events`),
      await seller.call('GET', `/v1/shops/${order.shop_id}/orders`),
      await (await signUp()).call('GET', `/v1/shops/${order.shop_id}`),
    ]
    for (const { text } of answers) {
      expect(text).not.toContain(buyer.email)
      expect(text).not.toContain(seller.email)
      expect(text).not.toContain('pm_card')
    }
  })
})
