import { describe, expect, test } from 'bun:test'
import { Hono } from 'hono'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Answer } from '../../../test/support/client.ts'
import { openTestDatabase } from '../../../test/support/database.ts'
import { makeUser } from '../../../test/support/factory.ts'
import type { CartItemAdded, Order, Page, Product, Shop } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addToCart,
  anyCategory,
  freeShipping,
  listItem,
  makeSeller,
  placeOrder,
  readLines,
  readProduct,
  type Shopper,
  signUp,
} from '../../../test/support/shopper.ts'
import { createInProcessKeyValue } from '../../platform/kv/in_process.ts'
import { Problem, renderProblem, toProblem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { answerOnce } from './answer_once.ts'

await startServer()

const withKey =
  (who: Shopper, key: string) =>
  <T>(method: string, path: string, body?: unknown) =>
    who.call<T>(method, path, { headers: { 'Idempotency-Key': key }, ...(body === undefined ? {} : { body }) })

function expectReplay(replay: Answer<unknown>, first: Answer<unknown>) {
  expect([replay.status, replay.text]).toEqual([first.status, first.text])
  expect(first.headers.has('idempotency-replayed')).toBe(false)
  expect(replay.headers.get('idempotency-replayed')).toBe('true')
  for (const name of ['content-type', 'location']) expect(replay.headers.get(name)).toBe(first.headers.get(name))
}

describe('an Idempotency-Key on a call that writes', () => {
  test('opens one shop, lists one item', async () => {
    const sam = await signUp()
    const shopKey = crypto.randomUUID()
    const openIt = () => withKey(sam, shopKey)<Shop>('POST', '/v1/shops', { name: 'Kiln', shipping: freeShipping })
    const first = await openIt()
    const shop = expectStatus(first, 201)
    expectReplay(await openIt(), first)
    const body = { title: 'Bowl', price: '5', category_id: await anyCategory() }
    const itemKey = crypto.randomUUID()
    const listIt = () => withKey(sam, itemKey)<Product>('POST', `/v1/shops/${shop.id}/products`, body)
    const listed = await listIt()
    expectStatus(listed, 201)
    expectReplay(await listIt(), listed)
    expect(expectStatus(await sam.call<Page<Product>>('GET', `/v1/shops/${shop.id}/products`), 200).items).toHaveLength(1)
  })

  test('null is a missing field in a POST, and a change in a PATCH', async () => {
    const { seller, shop } = await makeSeller()
    const [keyOfPost, keyOfPatch] = [crypto.randomUUID(), crypto.randomUUID()]
    const body = { title: 'Bowl', price: '5', category_id: await anyCategory() }
    const list = (more: object) =>
      withKey(seller, keyOfPost)<Product>('POST', `/v1/shops/${shop.id}/products`, { ...body, ...more })
    const first = await list({ sku: null })
    expectReplay(await list({}), first)
    const { id } = expectStatus(first, 201)
    const change = (more: object) => withKey(seller, keyOfPatch)('PATCH', `/v1/products/${id}`, { title: 'Cup', ...more })
    expectStatus(await change({ sku: null }), 200)
    expectProblem(await change({}), 422, 'idempotency_mismatch')
  })

  test('an empty key is a mistake', async () => {
    const sam = await signUp()
    for (const key of ['', ' ']) {
      const answer = await withKey(sam, key)('POST', '/v1/shops', { name: 'Kiln', shipping: freeShipping })
      expectProblem(answer, 400, 'idempotency_key_invalid')
    }
    expect(expectStatus(await sam.call<Page<Shop>>('GET', '/v1/me/shops'), 200).items).toEqual([])
  })

  test('adds to the cart once', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 9 })
    const buyer = await signUp()
    const key = crypto.randomUUID()
    const add = () => withKey(buyer, key)<CartItemAdded>('POST', '/v1/cart/items', { product_id: product.id, quantity: 2 })
    const first = await add()
    expectStatus(first, 201)
    expectReplay(await add(), first)
    expect(await readLines(buyer)).toMatchObject([{ quantity: 2 }])
  })

  test('concurrent calls are one', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 50 })
    const buyer = await signUp()
    const key = crypto.randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        withKey(buyer, key)<CartItemAdded>('POST', '/v1/cart/items', { product_id: product.id, quantity: 2 }),
      ),
    )
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 409, 'idempotency_in_progress')
    expect(answers.filter((answer) => answer.status === 201 && !answer.headers.has('idempotency-replayed'))).toHaveLength(1)
    expect(await readLines(buyer)).toMatchObject([{ quantity: 2 }])
  })

  test('cancels once, and replays a rejection too', async () => {
    const { seller, product, buyer, order } = await placeOrder()
    const key = crypto.randomUUID()
    const cancel = () => withKey(buyer, key)<Order>('POST', `/v1/orders/${order.id}/cancel`)
    const first = await cancel()
    expectStatus(first, 200)
    expectReplay(await cancel(), first)
    expect((await readProduct(product.id)).quantity).toBe(1)
    const refusalKey = crypto.randomUUID()
    const refund = () => withKey(seller, refusalKey)('POST', `/v1/orders/${order.id}/refund`)
    const refused = await refund()
    expectProblem(refused, 409, 'wrong_order_state')
    expectReplay(await refund(), refused)
  })

  test('with another body, or for another order, it is a mistake', async () => {
    const { seller, shop } = await makeSeller()
    const product = await listItem(seller, shop, { quantity: 9 })
    const buyer = await signUp()
    const call = withKey(buyer, crypto.randomUUID())
    expectStatus(await call('POST', '/v1/cart/items', { product_id: product.id, quantity: 1 }), 201)
    expectProblem(await call('POST', '/v1/cart/items', { product_id: product.id, quantity: 2 }), 422, 'idempotency_mismatch')
    const one = await placeOrder()
    const two = await placeOrder()
    const key = crypto.randomUUID()
    expectStatus(await withKey(one.seller, key)('POST', `/v1/orders/${one.order.id}/refund`), 200)
    expectStatus(await withKey(two.seller, key)('POST', `/v1/orders/${two.order.id}/refund`), 200)
    await addToCart(buyer, product)
    expect(await readLines(buyer)).toMatchObject([{ quantity: 2 }])
  })
})

test('afterCommit runs after the commit, once, and never after a rejection, a failure or a replay', async () => {
  const db = await openTestDatabase()
  const user_id = await makeUser(db.sql)
  const done: string[] = []
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    c.set('sql', db.sql)
    c.set('kv', createInProcessKeyValue())
    c.set('user_id', user_id)
    c.set('quota_scale', '1')
    c.set('afterCommit', (run) => run())
    await next()
  })
  app.post(
    '/:outcome',
    (c, next) => answerOnce(c, c.req.param('outcome'), next),
    async (c) => {
      const outcome = c.req.param('outcome')
      await c.get('sql')`select from users`
      c.get('afterCommit')(() => void done.push(outcome))
      expect(done).not.toContain(outcome)
      if (outcome === 'refused') throw new Problem('not_found')
      return outcome === 'failed' ? c.text('', 503) : c.text('done')
    },
  )
  app.onError((error) => renderProblem(toProblem(error), 'request'))
  const post = async (path: string, key?: string) =>
    (await app.request(path, { method: 'POST', headers: key ? { 'Idempotency-Key': key } : {} })).status
  expect([await post('/refused', 'a'), await post('/failed', 'b')]).toEqual([404, 503])
  expect(done).toEqual([])
  expect([await post('/done', 'c'), await post('/done', 'c')]).toEqual([200, 200])
  expect(done).toEqual(['done'])
  await db.close()
})
