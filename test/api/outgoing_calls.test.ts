/** The service stores and shows URLs of users but never calls them. Only the operator configures the hosts that it calls. */
import { expect, test } from 'bun:test'
import { expectStatus } from '../support/api.ts'
import { ADDRESS } from '../support/purchase.ts'
import type { Page, Product, Shop } from '../support/responses.ts'
import { startServer } from '../support/server.ts'
import { addToCart, checkOut, eventually, listItem, openShop, signUp } from '../support/shopper.ts'

const { api, sql } = await startServer()

test('the service fetches no URL of a user', async () => {
  const heard: string[] = []
  const listener = Bun.serve({
    port: 0,
    fetch: ({ url }) => {
      heard.push(url)
      return new Response('')
    },
  })
  const at = (name: string) => `http://127.0.0.1:${listener.port}/${name}`
  try {
    const [seller, buyer] = [await signUp(at('seller')), await signUp(at('buyer'))]
    const written = { description: at('description'), banner_url: at('banner'), logo_url: at('logo') }
    const shop = await openShop(seller, { name: at('shop'), ...written })
    const images = [at('one.jpg'), at('two.jpg')]
    const product = await listItem(seller, shop, { title: at('title'), tags: [at('tag')], images })
    await addToCart(buyer, product)
    const [order] = (await checkOut(buyer, { shipping_address: { ...ADDRESS, line2: at('address') } })).orders
    const move = (path: string, body: unknown) => seller.call('POST', `/v1/orders/${order?.id}/${path}`, { body })
    expectStatus(await move('ship', { carrier: at('carrier'), tracking_number: at('tracking') }), 200)
    const review = { rating: 5, comment: at('comment') }
    expectStatus(await buyer.call('POST', `/v1/orders/${order?.id}/review`, { body: review }), 201)
    const raw = new TextEncoder().encode(at('picture'))
    const upload = await seller.call('POST', '/v1/pictures', { raw, headers: { 'Content-Type': 'image/png' } })
    expect(upload.status).toBe(422)

    expect(expectStatus(await api<Product>('GET', `/v1/products/${product.id}`), 200).images).toEqual(images)
    expect(expectStatus(await api<Shop>('GET', `/v1/shops/${shop.id}`), 200)).toMatchObject(written)
    for (const path of [`/v1/shops/${shop.id}/products`, `/v1/shops/${shop.id}/reviews`, '/v1/trending', '/v1/search'])
      expectStatus(await api<Page<unknown>>('GET', path), 200)
    await untilNotified(order?.id as number)
    expect(heard).toEqual([])
    // The listener would have received a request.
    await fetch(at('proof'))
    expect(heard).toEqual([at('proof')])
  } finally {
    await listener.stop(true)
  }
})

/** Waits until the jobs of the purchase have run. */
async function untilNotified(order_id: number): Promise<void> {
  if (!sql) return
  const read = () => sql<{ state: string }[]>`
    select j.state::text from pgboss.job j join mails m on j.data -> 'mail_ids' @> to_jsonb(m.id)
    where j.name = 'send_mails' and m.kind = 'order_sold' and m.fact_id = ${order_id}`
  await eventually(30_000, read, (jobs) => jobs.length > 0 && jobs.every(({ state }) => state === 'completed'))
}
