import { expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Order } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { addToCart, checkOut, listItem, makeSeller, type Shopper, signUp, tryCheckOut } from '../../../test/support/shopper.ts'

await startServer()

const readOrder = async (who: Shopper, { id }: Order) => expectStatus(await who.call<Order>('GET', `/v1/orders/${id}`), 200)

async function cart() {
  const { seller, shop } = await makeSeller()
  const buyer = await signUp()
  await addToCart(buyer, await listItem(seller, shop))
  return { seller, shop, buyer }
}

test('notes of a checkout are shown in its orders, to buyer and seller', async () => {
  const { seller, shop, buyer } = await cart()
  const texts = { note: 'Ring twice', is_gift: true, gift_message: 'For Ann' }
  const answer = await tryCheckOut(buyer, { notes: [{ shop_id: shop.id, ...texts }] })
  const [order] = expectStatus(answer, 201).orders as [Order]
  expect(order).toMatchObject(texts)
  expect(await readOrder(seller, order)).toEqual(order)
})

test('the seller of an unpaid order reads no note', async () => {
  const { seller, shop, buyer } = await cart()
  const notes = [{ shop_id: shop.id, note: 'Ring twice', gift_message: 'For Ann' }]
  expectProblem(await tryCheckOut(buyer, { payment_method: 'pm_card_chargeDeclined', notes }), 402, 'payment_declined')
  const answer = await seller.call<{ items: Order[] }>('GET', `/v1/shops/${shop.id}/orders`)
  expect(expectStatus(answer, 200).items).toMatchObject([{ note: null, gift_message: null }])
  expect(await readOrder(buyer, answer.body.items[0] as Order)).toMatchObject({ note: 'Ring twice', gift_message: 'For Ann' })
})

test('a wrong note is 422 with its pointer, and charges nothing', async () => {
  const { shop, buyer } = await cart()
  const refused = async (notes: unknown[]) =>
    expectProblem(await tryCheckOut(buyer, { notes }), 422, 'invalid_input').errors?.map((error) => error.pointer)
  expect(await refused([{ shop_id: shop.id }, { shop_id: shop.id + 999 }])).toEqual(['#/notes/1/shop_id'])
  expect(await refused([{ shop_id: shop.id, note: 'x'.repeat(501) }])).toEqual(['#/notes/0/note'])
  expect(await refused([{ note: 'Hello' }])).toEqual(['#/notes/0/shop_id'])
  await checkOut(buyer)
})

test('another note with the same key is another request', async () => {
  const { shop, buyer } = await cart()
  const key = crypto.randomUUID()
  const send = (note: string) => tryCheckOut(buyer, { notes: [{ shop_id: shop.id, note }] }, key)
  expectStatus(await send('one'), 201)
  expectProblem(await send('two'), 422, 'idempotency_mismatch')
})
