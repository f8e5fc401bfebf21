/**
 * Traffic, and the metrics that dashboards use. Each metric must change by exactly the right amount, and no other may change.
 * docs/METRICS.md has the meaning of each metric.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import { type Api, openApi } from '../../../test/support/client.ts'
import { makeProduct, makeShop, putLine, unique } from '../../../test/support/factory.ts'
import { growth, type Scrape, scrape } from '../../../test/support/metrics.ts'
import {
  checkOut,
  makeBuyer,
  openPaymentSetup,
  type PayingBuyer,
  type PaymentSetup,
  WEBHOOK_SECRETS,
} from '../../../test/support/payment_setup.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { eventually } from '../../../test/support/shopper.ts'
import { signWebhook } from '../../domains/payments/webhook_signature.ts'

const TEST_TIMEOUT_MS = 60_000

/** Its provider sends nothing by itself, so each test chooses what settles a payment. */
let setup: PaymentSetup
beforeAll(async () => {
  setup = await openPaymentSetup()
}, TEST_TIMEOUT_MS)
afterAll(() => setup.close(), TEST_TIMEOUT_MS)

/** Returns the changes that the traffic makes in the scrape right after its response. */
async function grownBy(traffic: () => Promise<unknown>): Promise<Scrape> {
  const before = await scrape(setup.api)
  await traffic()
  return growth(before, await scrape(setup.api))
}

const orders = (status: string, count = 1): Scrape => ({ [`etsy_orders_total{status="${status}"}`]: count })
const conflict: Scrape = { etsy_inventory_conflicts_total: 1 }
const newHold: Scrape = { etsy_reservations_created_total: 1 }
const oneCheckout: Scrape = { etsy_checkout_latency_seconds_count: 1 }

/** Returns the changes that paid orders of these totals make in the histogram. */
function values(...totals: number[]): Scrape {
  const series = [10, 25, 50, 100, 250, 500, Number.POSITIVE_INFINITY].map((le) => [
    `etsy_order_value_dollars_bucket{le="${le === Number.POSITIVE_INFINITY ? '+Inf' : le}"}`,
    totals.filter((total) => total <= le).length,
  ])
  const all = Object.fromEntries(series.filter(([, count]) => count !== 0))
  const sum = totals.reduce((one, other) => one + other, 0)
  return { ...all, etsy_order_value_dollars_sum: sum, etsy_order_value_dollars_count: totals.length }
}

/** Makes a paid order of one item at 10.00. Returns it with its buyer and its seller. */
async function makePaidOrder(method = 'pm_card_visa'): Promise<{ buyer: PayingBuyer; seller: PayingBuyer; order_id: number }> {
  const [buyer, seller] = [await makeBuyer(setup), await makeBuyer(setup)]
  const [order] = expectStatus(await checkOut(buyer, method), 201).orders
  await setup.sql`update shops set owner_id = ${seller.id} where id = ${order?.shop_id ?? 0}`
  return { buyer, seller, order_id: order?.id ?? 0 }
}

/** Makes a checkout whose call died after its commit: pending, with the job that settles it. */
async function makeOrphan(): Promise<number> {
  const buyer = await makeBuyer(setup)
  const [placed] = await setup.sql`
    select checkout_id from place_checkout(
      ${buyer.id}, 'buy', ${unique('key')}, sha256('x'), 8, ${setup.sql.json(ADDRESS)}, 'pm_card_visa', null, 'r')`
  return placed?.checkout_id
}

function sendEvent(api: Api, checkout_id: number, type: string, id: string = crypto.randomUUID()) {
  const event = { id, type, data: { key: String(checkout_id), charge: `sim_${checkout_id}`, amount: '10.00' } }
  const raw = JSON.stringify(event)
  const headers = signWebhook(WEBHOOK_SECRETS[1] as string, id, Math.floor(Date.now() / 1000), raw)
  return api('POST', '/v1/webhooks/simulated', { raw, headers: { 'Content-Type': 'application/json', ...headers } })
}

const addLine = ({ api }: PayingBuyer, product_id: number, quantity = 1, key?: string) =>
  api('POST', '/v1/cart/items', { body: { product_id, quantity }, headers: key ? { 'Idempotency-Key': key } : {} })

describe('a checkout', () => {
  test('of two shops: two orders placed and paid, each with its value; a replay counts nothing', async () => {
    const buyer = await makeBuyer(setup)
    const dear = await makeProduct(setup.sql, { price: '120.50', shop_id: await makeShop(setup.sql, { base: '4.50' }) })
    await putLine(setup.sql, buyer.id, dear)
    const key = crypto.randomUUID()
    const pay = async () => expectStatus(await checkOut(buyer, 'pm_card_visa', key), 201)
    const paid = { ...orders('pending', 2), ...orders('paid', 2), ...values(10, 125), ...oneCheckout }
    expect(await grownBy(pay)).toEqual(paid)
    expect(await grownBy(pay)).toEqual({})
  })

  test('that is declined: placed and cancelled, no value; a replay counts nothing', async () => {
    const buyer = await makeBuyer(setup)
    const key = crypto.randomUUID()
    const pay = async () => expectProblem(await checkOut(buyer, 'pm_card_chargeDeclined', key), 402, 'payment_declined')
    expect(await grownBy(pay)).toEqual({ ...orders('pending'), ...orders('cancelled'), ...oneCheckout })
    expect(await grownBy(pay)).toEqual({})
  })

  test('that the provider fails: the same, and the next attempt with the key counts again', async () => {
    const buyer = await makeBuyer(setup)
    const key = crypto.randomUUID()
    const pay = (method: string) => () => checkOut(buyer, method, key)
    expect(await grownBy(pay('pm_card_error'))).toEqual({ ...orders('pending'), ...orders('cancelled'), ...oneCheckout })
    expect(await grownBy(pay('pm_card_visa'))).toEqual({ ...orders('pending'), ...orders('paid'), ...values(10), ...oneCheckout })
  })

  test('that is rejected for a hold or the stock: one conflict, no order; a replay counts nothing', async () => {
    const [buyer, holder] = [await makeBuyer(setup), await makeBuyer(setup)]
    const single = await makeProduct(setup.sql)
    await putLine(setup.sql, buyer.id, single)
    expectStatus(await addLine(holder, single), 201)
    const tryToPay = (key: string, code: string) => async () =>
      expectProblem(await checkOut(buyer, 'pm_card_visa', key), 409, code)
    expect(await grownBy(tryToPay('first', 'item_reserved'))).toEqual({ ...conflict, ...oneCheckout })
    expect(await grownBy(tryToPay('first', 'item_reserved'))).toEqual({})
    await setup.sql`update products set quantity = 0 where id = ${single}`
    expect(await grownBy(tryToPay('second', 'insufficient_stock'))).toEqual({ ...conflict, ...oneCheckout })
  })

  test('that is rejected before it reads the cart counts nothing', async () => {
    const { api } = await makeBuyer(setup)
    const refused = async () => {
      expectProblem(await setup.api('POST', '/v1/checkout', { body: {} }), 401)
      expectProblem(await api('POST', '/v1/checkout', { body: {} }), 422)
    }
    expect(await grownBy(refused)).toEqual({})
  })
})

describe('a pending checkout', () => {
  test(
    'is counted once if the worker settles it',
    async () => {
      const before = await scrape(setup.api)
      const checkout_id = await makeOrphan()
      await setup.sql`update checkouts set settle_after = now() where id = ${checkout_id}`
      const settled = async () => growth(before, await scrape(setup.api))
      await eventually(30_000, settled, (grown) => Object.keys(grown).length > 0)
      expect(await settled()).toEqual({ ...orders('paid'), ...values(10) })
    },
    TEST_TIMEOUT_MS,
  )

  test('paid by a webhook is counted once, however often the event arrives', async () => {
    const checkout_id = await makeOrphan()
    const id = crypto.randomUUID()
    const copies = () => Promise.all(Array.from({ length: 20 }, () => sendEvent(setup.api, checkout_id, 'charge.paid', id)))
    expect(await grownBy(copies)).toEqual({ ...orders('paid'), ...values(10) })
    expect(await grownBy(() => sendEvent(setup.api, checkout_id, 'charge.paid'))).toEqual({})
    expect(await grownBy(() => sendEvent(setup.api, checkout_id, 'charge.declined'))).toEqual({})
  })

  test('declined by a webhook is cancelled; a later paid event moves no order', async () => {
    const checkout_id = await makeOrphan()
    expect(await grownBy(() => sendEvent(setup.api, checkout_id, 'charge.declined'))).toEqual(orders('cancelled'))
    expect(await grownBy(() => sendEvent(setup.api, checkout_id, 'charge.paid'))).toEqual({})
  })
})

describe('an order', () => {
  test('shipped, delivered and refunded reaches each status once; a replay and a rejection count nothing', async () => {
    const { seller, order_id } = await makePaidOrder()
    const move = (step: string, body?: unknown) => () =>
      seller.api('POST', `/v1/orders/${order_id}/${step}`, { body, headers: { 'Idempotency-Key': `${step}-${order_id}` } })
    const ship = move('ship', { carrier: 'DHL', tracking_number: '1' })
    expect(await grownBy(ship)).toEqual(orders('shipped'))
    expect(await grownBy(ship)).toEqual({})
    expect(await grownBy(move('deliver'))).toEqual(orders('delivered'))
    expect(await grownBy(move('cancel'))).toEqual({})
    expect(await grownBy(move('refund'))).toEqual(orders('refunded'))
    expect(await grownBy(() => seller.api('POST', `/v1/orders/${order_id}/refund`))).toEqual({})
  })

  test('cancelled is counted as such', async () => {
    const { buyer, order_id } = await makePaidOrder()
    expect(await grownBy(() => buyer.api('POST', `/v1/orders/${order_id}/cancel`))).toEqual(orders('cancelled'))
  })
})

describe('a hold', () => {
  test('counts when it begins: not when it is kept, not on a replay, not when it cannot begin again yet', async () => {
    const buyer = await makeBuyer(setup)
    const product_id = await makeProduct(setup.sql)
    const key = crypto.randomUUID()
    expect(await grownBy(() => addLine(buyer, product_id, 1, key))).toEqual(newHold)
    expect(await grownBy(() => addLine(buyer, product_id, 1, key))).toEqual({})
    expect(await grownBy(() => addLine(buyer, product_id))).toEqual({})
    const change = () => buyer.api('PATCH', `/v1/cart/items/${product_id}`, { body: { quantity: 1 } })
    expect(await grownBy(change)).toEqual({})
    await setup.sql`update cart_items set reserved_until = now() - interval '1 second' where product_id = ${product_id}`
    expect(await grownBy(change)).toEqual({})
    // Simulates that an hour has passed since the last hold ended.
    await setup.sql`delete from holds where product_id = ${product_id}`
    expect(await grownBy(change)).toEqual(newHold)
  })

  test('does not exist on items with several units', async () => {
    const buyer = await makeBuyer(setup)
    expect(await grownBy(() => addLine(buyer, buyer.product_id))).toEqual({})
  })

  test('that is rejected is a conflict, the same one on a replay', async () => {
    const [holder, buyer] = [await makeBuyer(setup), await makeBuyer(setup)]
    const product_id = await makeProduct(setup.sql)
    expectStatus(await addLine(holder, product_id), 201)
    const key = crypto.randomUUID()
    const add = async () => expectProblem(await addLine(buyer, product_id, 1, key), 409, 'item_reserved')
    expect(await grownBy(add)).toEqual(conflict)
    expect(await grownBy(add)).toEqual({})
    expect(await grownBy(() => addLine(buyer, buyer.product_id, 99))).toEqual(conflict)
    const tooMany = () => buyer.api('PATCH', `/v1/cart/items/${buyer.product_id}`, { body: { quantity: 99 } })
    expect(await grownBy(tooMany)).toEqual(conflict)
  })

  test('whose transaction is rolled back at its commit does not count', async () => {
    const buyer = await makeBuyer(setup)
    const product_id = await makeProduct(setup.sql)
    await setup.sql.unsafe(`
      create function refuse_to_commit() returns trigger language plpgsql as $$
        begin raise exception using errcode = '40001', message = 'not now'; end $$;
      create constraint trigger refuse_to_commit after insert on cart_items deferrable initially deferred
        for each row when (new.product_id = ${product_id}) execute function refuse_to_commit()`)
    try {
      for (const key of [undefined, crypto.randomUUID()]) {
        const add = async () => expectProblem(await addLine(buyer, product_id, 1, key), 503)
        expect(await grownBy(add)).toEqual({})
      }
    } finally {
      await setup.sql.unsafe('drop function refuse_to_commit cascade')
    }
    expect(await grownBy(() => addLine(buyer, product_id))).toEqual(newHold)
  })

  test(
    'that expired is counted when the job has deleted it',
    async () => {
      const buyer = await makeBuyer(setup)
      const before = await scrape(setup.api)
      for (let n = 0; n < 3; n++) {
        const reserved_until = new Date(Date.now() - 1000)
        await putLine(setup.sql, buyer.id, await makeProduct(setup.sql), { reserved_until })
      }
      await setup.sql`select enqueue_job('expire_reservations', '{}')`
      const expired = async () => growth(before, await scrape(setup.api))
      const isDone = (grown: Scrape) => grown.etsy_reservations_expired_total === 3
      expect(await eventually(30_000, expired, isDone)).toEqual({ etsy_reservations_expired_total: 3 })
    },
    TEST_TIMEOUT_MS,
  )
})

describe('a read', () => {
  test('of a product is a view of its top-level category, also if it is 304', async () => {
    const [category] = await setup.sql`select find_category('{Pottery,Bowls,Soup bowls}') as id`
    const id = await makeProduct(setup.sql)
    await setup.sql`update products set category_id = ${category?.id} where id = ${id}`
    const path = `/v1/products/${id}`
    const view = { 'etsy_product_views_total{category="pottery"}': 1 }
    expect(await grownBy(() => setup.api('GET', path))).toEqual(view)
    const etag = (await setup.api('GET', path)).headers.get('etag') as string
    const again = async () => expect((await setup.api('GET', path, { headers: { 'If-None-Match': etag } })).status).toBe(304)
    expect(await grownBy(again)).toEqual(view)
    const plain = await makeProduct(setup.sql)
    expect(await grownBy(() => setup.api('GET', `/v1/products/${plain}`))).toEqual({
      'etsy_product_views_total{category="none"}': 1,
    })
    expect(await grownBy(() => setup.api('GET', '/v1/products/999999999'))).toEqual({})
  })

  test.each([
    ['', 'none'],
    ['?q=bowl&sort=newest&limit=3', 'none'],
    ['?category=pottery', 'category'],
    ['?price_min=1', 'price'],
    ['?price_min=1&price_max=9', 'price'],
    ['?is_vintage=false&category=pottery', 'category,vintage'],
    ['?is_vintage=true&price_max=9&category=pottery', 'category,price,vintage'],
    ['?option=Size:S&option=Size:M', 'option'],
    ['?ships_to=DE&option=Size:S&category=pottery', 'category,option,ships_to'],
  ])('/v1/search%s is a search with filters "%s"', async (query, filters) => {
    const grown = await grownBy(async () => expectStatus(await setup.api('GET', `/v1/search${query}`), 200))
    expect(grown).toEqual({ [`etsy_search_latency_seconds_count{filters="${filters}"}`]: 1 })
  })

  test('that is not a search is not timed as one', async () => {
    const wrong = async () => {
      expectProblem(await setup.api('GET', '/v1/search?limit=x'), 422)
      expectProblem(await setup.api('GET', '/v1/search?nonsense=1'), 400)
      expectStatus(await setup.api('GET', '/v1/search/suggest?q=b'), 200)
    }
    expect(await grownBy(wrong)).toEqual({})
  })

  test(
    'is a hit or a miss of the cache, by kind',
    async () => {
      const buyer = await makeBuyer(setup)
      const [product] = await setup.sql`select shop_id from products where id = ${buyer.product_id}`
      const reads: Record<string, () => Promise<unknown>> = {
        product: () => setup.api('GET', `/v1/products/${buyer.product_id}`),
        shop: () => setup.api('GET', `/v1/shops/${product?.shop_id}`),
        shop_products: () => setup.api('GET', `/v1/shops/${product?.shop_id}/products`),
        cart: () => buyer.api('GET', '/v1/cart'),
        search: () => setup.api('GET', `/v1/search?q=${unique('w')}`),
        trending: () => setup.api('GET', '/v1/trending'),
      }
      for (const [type, read] of Object.entries(reads)) {
        const [hits, misses] = [`etsy_cache_hits_total{type="${type}"}`, `etsy_cache_misses_total{type="${type}"}`]
        const before = await scrape(setup.api)
        const counted = async () => {
          const now = await scrape(setup.api)
          return [hits, misses].map((name) => (now[name] ?? 0) - (before[name] ?? 0)) as [number, number]
        }
        await read()
        expect(await counted()).toEqual([0, 1])
        let reads = 1
        // On a busy machine the cache can lose its trust for a moment.
        const readAgain = async () => {
          await read()
          const [hit, miss] = await counted()
          expect(hit + miss).toBe(++reads)
          return hit
        }
        if (type !== 'search') await eventually(30_000, readAgain, (hit) => hit > 0)
      }
    },
    TEST_TIMEOUT_MS,
  )
})

describe('a refund that fails', () => {
  test(
    'moves its order back, which counts no other sale',
    async () => {
      const { seller, order_id } = await makePaidOrder('pm_card_refundFails')
      const before = await scrape(setup.api)
      expectStatus(await seller.api('POST', `/v1/orders/${order_id}/refund`), 200)
      const moves = { ...orders('refunded'), ...orders('paid') }
      const grown = async () => growth(before, await scrape(setup.api))
      await eventually(40_000, grown, (now) => Object.keys(now).length >= 2)
      expect(await grown()).toEqual(moves)
    },
    TEST_TIMEOUT_MS,
  )

  test('of a cancelled order can be made again, which moves nothing', async () => {
    const { buyer, seller, order_id } = await makePaidOrder()
    expectStatus(await buyer.api('POST', `/v1/orders/${order_id}/cancel`), 200)
    await setup.sql`select settle_refund(id, 'failed', 're_lost', 'lost_card') from refunds where order_id = ${order_id}`
    expect(await grownBy(async () => expectStatus(await seller.api('POST', `/v1/orders/${order_id}/refund`), 200))).toEqual({})
  })
})

describe('several processes on one database', () => {
  test(
    'count each move of each order once between them',
    async () => {
      const eager = await openPaymentSetup({ webhooks: 'before,after,duplicate=3,shuffle' })
      const second = await eager.startSecondApi()
      try {
        const buyers = await Promise.all(Array.from({ length: 12 }, () => makeBuyer(eager)))
        const other = openApi(second.url)
        // The webhooks go to the first process, and all other calls to the second. They race for each settlement.
        await Promise.all(
          buyers.map((buyer, n) => {
            const api: Api = n % 2 ? buyer.api : (method, path, input) => other(method, path, { token: buyer.token, ...input })
            return checkOut({ ...buyer, api }, n % 3 ? 'pm_card_visa' : 'pm_card_chargeDeclined')
          }),
        )
        const total = async () => {
          const [one, two] = [await scrape(eager.api), await scrape(other)]
          return growth(
            {},
            Object.fromEntries(Object.keys({ ...one, ...two }).map((name) => [name, (one[name] ?? 0) + (two[name] ?? 0)])),
          )
        }
        const expected = {
          ...orders('pending', 12),
          ...orders('paid', 8),
          ...orders('cancelled', 4),
          ...values(...Array<number>(8).fill(10)),
          etsy_checkout_latency_seconds_count: 12,
        }
        // A webhook that settled just before the call's response can still be uncounted.
        await eventually(
          10_000,
          total,
          (now) => now['etsy_orders_total{status="paid"}'] === 8 && now['etsy_orders_total{status="cancelled"}'] === 4,
        )
        expect(await total()).toEqual(expected)
        const trail = await eager.sql<
          { status: string; count: number }[]
        >`select status, count(*) from order_events group by status`
        expect(Object.assign({}, ...trail.map(({ status, count }) => orders(status, count)))).toEqual(
          Object.fromEntries(Object.entries(expected).filter(([name]) => name.startsWith('etsy_orders'))),
        )
      } finally {
        await second.kill()
        await eager.close()
      }
    },
    TEST_TIMEOUT_MS,
  )
})
