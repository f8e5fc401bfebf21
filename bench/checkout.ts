import { openApi } from '../test/support/client.ts'
import { describeTimes } from '../test/support/figures.ts'
import { makePeople } from '../test/support/people.ts'
import { PURCHASE } from '../test/support/purchase.ts'
import { type Figure, withBench } from './bench.ts'

const ROUNDS = 100
const ITEMS = 3

/** Measures purchases over HTTP, one after another. Each adds three items of three shops to the cart, and checks out. */
export function benchCheckout(database_url: string | undefined): Promise<Figure[]> {
  return withBench(database_url, {}, async ({ sql, start }) => {
    const items = await sql<{ id: number }[]>`
      update products set quantity = ${2 * ROUNDS}
      where id in (select min(id) from products group by shop_id order by 1 limit ${ITEMS})
      returning id`
    const [buyer] = await makePeople(sql, 1)
    const api = openApi(`${(await start()).url}/v1`)
    const time = async (path: string, body: object, headers = {}) => {
      const began = performance.now()
      const { status, text } = await api('POST', path, { body, headers, token: buyer?.token })
      if (status !== 201) throw new Error(`POST ${path} returned ${status}: ${text}`)
      return performance.now() - began
    }
    const add_ms: number[] = []
    const checkout_ms: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const { id } of items) add_ms.push(await time('/cart/items', { product_id: id, quantity: 1 }))
      checkout_ms.push(await time('/checkout', PURCHASE, { 'Idempotency-Key': `bench-${round}` }))
    }
    return [
      { name: 'add to cart', value: describeTimes(add_ms) },
      { name: `checkout of ${ITEMS} shops`, value: describeTimes(checkout_ms) },
    ]
  })
}
