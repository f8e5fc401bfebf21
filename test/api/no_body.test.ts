/** Every call without a declared body rejects one, because it would ignore the content. */
import { beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../support/api.ts'
import { type Operation, operationsOf, pathToNothing, readOpenApi } from '../support/openapi.ts'
import type { Order } from '../support/responses.ts'
import { startServer } from '../support/server.ts'
import { listItem, makeSeller, placeOrder, readProduct, type Shopper, signUp } from '../support/shopper.ts'

const { api } = await startServer()
const calls = operationsOf(await readOpenApi())
  .filter(({ method, requestBody, operationId }) => method !== 'GET' && !requestBody && operationId !== 'receivePaymentEvent')
  .map((operation): [string, Operation] => [operation.operationId, operation])

const JSON_TYPE = { 'Content-Type': 'application/json' }
/** A chunked body, without Content-Length. */
const chunked = (text: string) => new Blob([text]).stream()

let ann: Shopper
beforeAll(async () => {
  ann = await signUp()
})

test('calls that move money are among them', () => {
  expect(calls.map(([id]) => id)).toEqual(
    expect.arrayContaining(['refundOrder', 'cancelOrder', 'deliverOrder', 'archiveProduct']),
  )
})

describe.each(calls)('%s', (_, operation) => {
  const send = (raw: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
    (operation.signed_in ? ann.call : api)(operation.method, pathToNothing(operation), { raw, headers })

  test('rejects a body before any other check', async () => {
    const fields = expectProblem(await send('{"amount": "5.00", "reason": "chipped"}'), 422, 'invalid_input')
    expect(fieldsOf(fields)).toEqual(['#/amount', '#/reason'])
    for (const raw of ['{"amount": ', 'amount=5.00', new Uint8Array([0xff, 0xfe])])
      expectProblem(await send(raw), 400, 'malformed_json')
    for (const raw of ['[1]', '"5.00"', 'null', '5']) expect(fieldsOf(expectProblem(await send(raw), 422))).toEqual(['#'])
    expectProblem(await send(chunked('{"amount": "5.00"}')), 422, 'invalid_input')
    expectProblem(await send('{"amount": "5.00"}', { 'Content-Type': 'text/plain' }), 422, 'invalid_input')
  })
})

test('no body and {} pass, with any Content-Type', async () => {
  const { seller, shop } = await makeSeller()
  const { id } = await listItem(seller, shop)
  for (const [raw, headers] of [
    ['', JSON_TYPE],
    ['{}', JSON_TYPE],
    [' {\n} ', { 'Content-Type': 'text/plain' }],
    [chunked('{}'), {}],
  ] as [BodyInit, Record<string, string>][])
    expectStatus(await seller.call('POST', `/v1/products/${id}/restore`, { raw, headers }), 200)
})

test('a refund with an amount, or with invalid JSON, moves nothing', async () => {
  const { seller, product, buyer, order } = await placeOrder()
  const path = `/v1/orders/${order.id}`
  const headers = { ...JSON_TYPE, 'Idempotency-Key': crypto.randomUUID() }
  for (const move of ['refund', 'cancel', 'deliver']) {
    expectProblem(await seller.call('POST', `${path}/${move}`, { body: { amount: '5.00' } }), 422, 'invalid_input')
    expectProblem(await seller.call('POST', `${path}/${move}`, { raw: '{"amount": ', headers }), 400, 'malformed_json')
  }
  expectProblem(await buyer.call('POST', `${path}/cancel`, { body: { items: [{ product_id: product.id }] } }), 422)
  expect(expectStatus(await buyer.call<Order>('GET', path), 200).status).toBe('paid')
  expect((await readProduct(product.id)).quantity).toBe(0)
  // The rejected call did not use the key, and a body without fields counts as no body.
  expect(expectStatus(await seller.call<Order>('POST', `${path}/refund`, { raw: '{}', headers }), 200).status).toBe('refunded')
  const replay = await seller.call('POST', `${path}/refund`, { headers: { 'Idempotency-Key': headers['Idempotency-Key'] } })
  expect([replay.status, replay.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
})

test('an anonymous call gets 401 before any check of its body', async () => {
  expectProblem(await api('POST', '/v1/orders/1/refund', { raw: '{"amount": ', headers: JSON_TYPE }), 401, 'unauthorized')
})
