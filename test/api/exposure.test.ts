/** An answer shows what it declares and no more; tests run with CHECK_ANSWERS, which holds every answer against its schema. */
import { describe, expect, test } from 'bun:test'
import { type Operation, operationsOf, readOpenApi, resolveSchema, type Schema } from '../support/openapi.ts'
import { startServer } from '../support/server.ts'
import { placeOrder, signUp } from '../support/shopper.ts'

type Closed = Schema & { additionalProperties?: unknown }

await startServer()
const document = await readOpenApi()
const operations = operationsOf(document)

/** Where an answer is open: an address as the buyer wrote it, what a move of an order brought with it, the document itself. */
const OPEN = /\/shipping_address$|^listOrderEvents #\/items\/0\/detail$|^getOpenApi #$/

/** The names of all fields, and where an object takes more than it declares, as pointers. Trees are followed once. */
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

describe('an answer', () => {
  test.each(named)('%s takes no field that it does not declare', (id, operation) => {
    const open = answersOf(operation).flatMap((schema) => look(schema, '#').open.map((pointer) => `${id} ${pointer}`))
    expect(open.filter((place) => !OPEN.test(place))).toEqual([])
  })

  test('shows no password and no hash, an e-mail to its owner and a token to who signs in', () => {
    const showing = (name: RegExp) =>
      named
        .filter(([, operation]) =>
          answersOf(operation).some((schema) => look(schema, '#').fields.some((field) => name.test(field))),
        )
        .map(([id]) => id)
        .sort()
    expect(showing(/password|hash|secret|payment_method|provider/)).toEqual([])
    expect(showing(/email/)).toEqual(['getMe', 'registerUser', 'signIn', 'updateMe'])
    expect(showing(/token/)).toEqual(['signIn'])
  })

  test('of a purchase tells its seller nothing of the buyer but who they are and where to send it', async () => {
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
