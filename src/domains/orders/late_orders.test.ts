import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Order, Page } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { addProcessingProfile, buy, listItem, makeSeller, shipOrder, signUp } from '../../../test/support/shopper.ts'

await startServer()
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

test('an order that is made to order ships by its days, and its buyer cannot cancel it before', async () => {
  const { seller, shop } = await makeSeller()
  const profile = await addProcessingProfile(seller, shop, { days_max: 9 })
  const product = await listItem(seller, shop, { quantity: 5, processing_profile_id: profile.id })
  const buyer = await signUp()
  const order = await buy(buyer, product)
  expect(order).toMatchObject({ is_made_to_order: true, late_since: null, ship_by: day(9) })
  const refused = expectProblem(await buyer.call('POST', `/v1/orders/${order.id}/cancel`), 409, 'wrong_order_state')
  expect(refused).toMatchObject({ order_status: 'paid', cancellable_from: day(10) })
  const cancelled = await seller.call<Order>('POST', `/v1/orders/${order.id}/cancel`)
  expect(expectStatus(cancelled, 200).status).toBe('cancelled')
})

test('the orders of a shop are filtered by the day to ship, and by lateness', async () => {
  const { seller, shop } = await makeSeller()
  const product = await listItem(seller, shop, { quantity: 5 })
  const order = await buy(await signUp(), product)
  expect(order).toMatchObject({ is_made_to_order: false, ship_by: day(3) })
  const listed = async (query: string) =>
    expectStatus(await seller.call<Page<Order>>('GET', `/v1/shops/${shop.id}/orders?${query}`), 200).items.map(({ id }) => id)
  expect(await listed(`ship_by_before=${day(3)}`)).toEqual([])
  expect(await listed(`ship_by_before=${day(4)}`)).toEqual([order.id])
  expect(await listed('late=true')).toEqual([])
  expect(await listed('late=false')).toEqual([order.id])
  await shipOrder(seller, order)
  expect(await listed(`ship_by_before=${day(4)}&status=paid`)).toEqual([])
  for (const query of ['ship_by_before=soon', 'late=perhaps']) {
    const answer = await seller.call('GET', `/v1/shops/${shop.id}/orders?${query}`)
    expect(fieldsOf(expectProblem(answer, 422, 'invalid_input'))).toEqual([`#/${query.split('=')[0]}`])
  }
})
