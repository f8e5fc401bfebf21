import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Hono } from 'hono'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { fillCarts, type Listing, listItems, makePeople, openShops, type Person } from '../../../test/support/people.ts'
import { ADDRESS } from '../../../test/support/purchase.ts'
import { spawnApi } from '../../../test/support/server.ts'
import type { Env } from '../../http/env.ts'
import { createRateLimits } from '../../http/limits/rate_limits.ts'
import { openGateway, type Settlement } from '../payments/gateway.ts'
import type { Charge, PaymentProvider } from '../payments/provider.ts'
import { limitDeclinedCards } from './declined_cards.ts'

/** A fifth of every limit: two declined cards in an hour, six checkouts a minute. */
const SCALE = '0.2'
const MAX_DECLINED = 2

const DECLINED = 'pm_card_chargeDeclined'
const PAID = 'pm_card_visa'

let db: TestDatabase
let server: ApiProcess
let listing: Listing
let visitors = 0
beforeAll(async () => {
  db = await openTestDatabase()
  listing = (await listItems(db.sql, await openShops(db.sql, 1), [100]))[0] as Listing
  server = await spawnApi({ DATABASE_URL: db.url, RATE_LIMIT_SCALE: SCALE, TRUSTED_PROXIES: '1' })
}, 60_000)
afterAll(async () => {
  await server.stop()
  await db.close()
})

const newAddress = () => `192.0.2.${++visitors}`

/** A buyer with one unit in the cart. */
async function makeBuyer(): Promise<Person> {
  const [buyer] = (await makePeople(db.sql, 1)) as [Person]
  await fillCarts(db.sql, [buyer], [listing])
  return buyer
}

function checkOut({ token }: Person, payment_method: string, from = newAddress(), key: string = crypto.randomUUID()) {
  const headers = { 'X-Forwarded-For': from, 'Idempotency-Key': key }
  return openApi(server.url)('POST', '/v1/checkout', { token, headers, body: { payment_method, shipping_address: ADDRESS } })
}

async function readStock(): Promise<number> {
  const [product] = await db.sql<{ quantity: number }[]>`select quantity from products where id = ${listing.id}`
  return product?.quantity as number
}

async function countCheckouts({ id }: Person): Promise<number> {
  const [row] = await db.sql<{ count: number }[]>`select count(*) from checkouts where buyer_id = ${id}`
  return row?.count as number
}

test('too many of one account, from any address: 429 before a reservation, and replays still work', async () => {
  const buyer = await makeBuyer()
  const key = crypto.randomUUID()
  const first = await checkOut(buyer, DECLINED, newAddress(), key)
  expectProblem(first, 402, 'payment_declined')
  for (let n = 1; n < MAX_DECLINED; n++) expectProblem(await checkOut(buyer, DECLINED), 402, 'payment_declined')
  const stock = await readStock()
  const refused = await checkOut(buyer, PAID)
  expectProblem(refused, 429, 'too_many_requests')
  expect(refused.body).toMatchObject({ detail: expect.stringMatching(/cards were declined.* in \d+ minutes/) })
  expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 3601)
  expect(refused.headers.get('ratelimit-policy')).toBe(`"declined_account";q=${MAX_DECLINED};w=3600`)
  expect([await readStock(), await countCheckouts(buyer)]).toEqual([stock, MAX_DECLINED])
  const replay = await checkOut(buyer, DECLINED, newAddress(), key)
  expect([replay.status, replay.text]).toEqual([402, first.text])
  expectStatus(await checkOut(await makeBuyer(), PAID), 201)
})

test('too many from one address, by any accounts: 429 for all accounts at that address only', async () => {
  const from = newAddress()
  for (let n = 0; n < MAX_DECLINED; n++) expectProblem(await checkOut(await makeBuyer(), DECLINED, from), 402)
  const buyer = await makeBuyer()
  const refused = await checkOut(buyer, PAID, from)
  expectProblem(refused, 429, 'too_many_requests')
  expect(refused.headers.get('ratelimit-policy')).toBe(`"declined_address";q=${MAX_DECLINED};w=3600`)
  expectStatus(await checkOut(buyer, PAID), 201)
})

test('concurrent calls that began before the first decline charge no more cards than sequential calls', async () => {
  const limits = createRateLimits(null, Number(SCALE))
  const charged: number[] = []
  const charge = async ({ checkout_id }: Charge) => {
    charged.push(checkout_id)
    return { outcome: 'declined' as const, reference: null }
  }
  const payments = openGateway({ name: 'declining', charge } as unknown as PaymentProvider)
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    c.set('limits', limits)
    c.set('payments', payments)
    c.set('user_id', 1)
    c.set('address', '192.0.2.1')
    await next()
  })
  const begun = Promise.withResolvers<void>()
  let count = 0
  app.post('/:id', async (c) => {
    const limited = await limitDeclinedCards(c)
    if (++count === 3) begun.resolve()
    await begun.promise
    for (const before of turns.slice(0, Number(c.req.param('id')))) await before
    return c.json(await limited.charge({ checkout_id: Number(c.req.param('id')), amount: '1.00', method: DECLINED }))
  })
  const turns: Promise<Response>[] = []
  for (let id = 0; id < 3; id++) turns.push(Promise.resolve(app.request(`/${id}`, { method: 'POST' })))
  const outcomes = await Promise.all(turns.map(async (turn) => ((await (await turn).json()) as Settlement).outcome))
  expect({ outcomes, charged }).toEqual({ outcomes: ['declined', 'declined', 'unavailable'], charged: [0, 1] })
  payments.close()
})

/** Waits until a call waits for a lock of another transaction. */
async function untilOneWaits(): Promise<void> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const waiting = await db.sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (waiting.length > 0) return
  }
  throw new Error('A call was expected to wait for a lock, and none does.')
}

test('a checkout in progress at the last decline: the same 429, the cart is back, and its key is free', async () => {
  const [from, key] = [newAddress(), crypto.randomUUID()]
  for (let n = 1; n < MAX_DECLINED; n++) expectProblem(await checkOut(await makeBuyer(), DECLINED, from), 402)
  const [buyer, other] = [await makeBuyer(), await makeBuyer()]
  const stock = await readStock()
  const late = await db.sql.begin(async (tx) => {
    await tx`select from users where id = ${buyer.id} for no key update`
    const late = checkOut(buyer, PAID, from, key)
    await untilOneWaits()
    expectProblem(await checkOut(other, DECLINED, from), 402)
    return { answer: late }
  })
  const refused = await late.answer
  expectProblem(refused, 429, 'too_many_requests')
  expect(refused.body).toMatchObject({ detail: expect.stringMatching(/cards were declined.* in \d+ minutes/) })
  expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 3601)
  expect(refused.headers.get('ratelimit-policy')).toBe(`"declined_address";q=${MAX_DECLINED};w=3600`)
  expect(await readStock()).toBe(stock)
  expect(await db.sql`select from cart_items where user_id = ${buyer.id}`).toHaveLength(1)
  expectStatus(await checkOut(buyer, PAID, newAddress(), key), 201)
})

test('paid cards are not counted', async () => {
  const from = newAddress()
  for (let n = 0; n <= MAX_DECLINED; n++) expectStatus(await checkOut(await makeBuyer(), PAID, from), 201)
})
