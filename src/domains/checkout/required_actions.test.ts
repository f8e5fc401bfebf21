/** Cards that require an action of the buyer, such as 3-D Secure, at the simulated provider. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import { reserve } from '../../../test/support/factory.ts'
import {
  checkOut,
  makeBuyer,
  openPaymentSetup,
  type PayingBuyer,
  type PaymentSetup,
} from '../../../test/support/payment_setup.ts'
import type { Checkout } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { eventually } from '../../../test/support/shopper.ts'

const TIMEOUT_MS = 60_000
const CARD = 'pm_card_threeDSecure2Required'

type Setup = Pick<PaymentSetup, 'api' | 'sql'> & { payments?: PaymentSetup['payments'] }
let separate: PaymentSetup
let setup: Setup
beforeAll(async () => {
  separate = await openPaymentSetup({ webhooks: 'before,after,duplicate=2,shuffle' })
}, TIMEOUT_MS)
afterAll(() => separate.close(), TIMEOUT_MS)

type Waiting = { buyer: PayingBuyer; key: string; checkout: Checkout; url: string; text: string }

/** Makes a checkout that waits for its buyer. */
async function makeWaiting(card = CARD, buyer?: PayingBuyer): Promise<Waiting> {
  const [who, key] = [buyer ?? (await makeBuyer(setup)), crypto.randomUUID()]
  const answer = await checkOut(who, card, key)
  const checkout = expectStatus(answer, 202)
  expect(answer.headers.get('location')).toBe(`/v1/checkouts/${checkout.checkout_id}`)
  expect(checkout).toMatchObject({
    status: 'pending',
    payment: { status: 'requires_action', next_action: { type: 'redirect_to_url' } },
  })
  return { buyer: who, key, checkout, url: checkout.payment.next_action?.url as string, text: answer.text }
}

const confirm = (url: string) => fetch(url, { method: 'POST' })
const decline = (url: string) => fetch(`${url}?decline=true`, { method: 'POST' })
const cancel = ({ buyer, checkout }: Waiting) => buyer.api<Checkout>('POST', `/v1/checkouts/${checkout.checkout_id}/cancel`)

async function read({ buyer, checkout }: Waiting): Promise<Checkout> {
  return expectStatus(await buyer.api<Checkout>('GET', `/v1/checkouts/${checkout.checkout_id}`), 200)
}

/** The checkout, its stock, cart and trail, and what the provider took, where it is a process of its own. */
async function stateOf(waiting: Waiting): Promise<Record<string, unknown>> {
  const { status, payment, orders } = await read(waiting)
  const { id, product_id } = waiting.buyer
  const [row] = await setup.sql`
    select p.quantity, p.quantity + (
        select coalesce(sum(oi.quantity), 0)::integer from order_items oi join orders o on o.id = oi.order_id
        where oi.product_id = p.id and o.status <> 'cancelled'
      ) as stock_and_sold,
      (select count(*)::integer from cart_items ci where ci.user_id = ${id}) as lines,
      array(select e.status from order_events e where e.order_id = ${orders[0]?.id as number} order by e.id) as trail
    from products p where p.id = ${product_id}`
  const charged = (await setup.payments?.().count())?.charges[waiting.checkout.checkout_id]
  if (charged) expect(charged).toEqual({ count: 1, captured: status === 'paid' ? '10.00' : '0.00', refunded: '0.00' })
  expect(payment.next_action === undefined).toBe(payment.status !== 'requires_action')
  return { status, payment: payment.status, ...row }
}

const PAID = { status: 'paid', payment: 'paid', quantity: 4, stock_and_sold: 5, lines: 0, trail: ['pending', 'paid'] }
const UNDONE = { status: 'cancelled', quantity: 5, stock_and_sold: 5, lines: 1, trail: ['pending', 'cancelled'] }

/** Moves a checkout 15 minutes into the past. */
async function passTime({ checkout }: Waiting): Promise<void> {
  await setup.sql`
    update checkouts set created_at = created_at - interval '15 minutes', charge_until = charge_until - interval '15 minutes',
      settle_after = least(settle_after, charge_until) - interval '15 minutes'
    where id = ${checkout.checkout_id}`
}

const untilSettled = (waiting: Waiting) =>
  eventually(
    30_000,
    () => read(waiting),
    ({ status }) => status !== 'pending',
  )

const places: [string, () => Promise<Setup>][] = [
  ['in the process of the API', async () => (await startServer()) as Setup],
  ['in a process of its own', async () => separate],
]
describe.each(places)('a provider %s', (_, open) => {
  beforeAll(async () => {
    setup = await open()
  }, TIMEOUT_MS)

  test('confirmed: paid once, and the key replays its first response', async () => {
    const waiting = await makeWaiting()
    expect(await stateOf(waiting)).toMatchObject({ status: 'pending', payment: 'requires_action', quantity: 4, lines: 0 })
    const page = await fetch(waiting.url)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<button>Confirm</button>')])
    const confirmed = await confirm(waiting.url)
    expect([confirmed.status, await confirmed.text()]).toEqual([200, expect.stringContaining('The payment is confirmed')])
    expect(await stateOf(waiting)).toEqual(PAID)
    const replay = await checkOut(waiting.buyer, CARD, waiting.key)
    expect([replay.status, replay.text, replay.headers.get('idempotency-replayed')]).toEqual([202, waiting.text, 'true'])
    const late = await decline(waiting.url)
    expect(await late.text()).toContain('The payment is confirmed')
    expect(await stateOf(waiting)).toEqual(PAID)
  })

  test('declined by the buyer: like a declined card, and a new key pays', async () => {
    const waiting = await makeWaiting()
    expect(await (await decline(waiting.url)).text()).toContain('The payment has ended')
    expect(await stateOf(waiting)).toEqual({ ...UNDONE, payment: 'declined' })
    expect((await confirm(waiting.url)).status).toBe(200)
    expect(await stateOf(waiting)).toEqual({ ...UNDONE, payment: 'declined' })
    expectStatus(await checkOut(waiting.buyer, 'pm_card_visa'), 201)
  })

  test('confirmed by the buyer and declined by the bank', async () => {
    const waiting = await makeWaiting('pm_card_threeDSecure2Declined')
    expect(await (await confirm(waiting.url)).text()).toContain('The payment has ended')
    expect(await stateOf(waiting)).toEqual({ ...UNDONE, payment: 'declined' })
    expect(expectProblem(await cancel(waiting), 409, 'wrong_checkout_state')).toMatchObject({ checkout_status: 'cancelled' })
  })

  test('given up, twice: cancelled, and the page has ended', async () => {
    const waiting = await makeWaiting()
    expect(expectStatus(await cancel(waiting), 200)).toMatchObject({ status: 'cancelled', payment: { status: 'cancelled' } })
    expect(await stateOf(waiting)).toEqual({ ...UNDONE, payment: 'cancelled' })
    expect(await (await fetch(waiting.url)).text()).toContain('The payment has ended')
    expect(await (await confirm(waiting.url)).text()).toContain('The payment has ended')
    expect(await stateOf(waiting)).toEqual({ ...UNDONE, payment: 'cancelled' })
    expect(expectStatus(await cancel(waiting), 200)).toMatchObject({ status: 'cancelled', payment: { status: 'cancelled' } })
  })

  test(
    'no action for 15 minutes: like a declined card',
    async () => {
      const waiting = await makeWaiting()
      await passTime(waiting)
      await untilSettled(waiting)
      expect(await stateOf(waiting)).toEqual({ ...UNDONE, payment: 'declined' })
    },
    TIMEOUT_MS,
  )

  test('the fourth unpaid action for a product is declined at once, and its charge is cancelled', async () => {
    let waiting = await makeWaiting()
    const { buyer } = waiting
    for (const end of [cancel, ({ url }: Waiting) => decline(url)]) {
      await end(waiting)
      waiting = await makeWaiting(CARD, buyer)
    }
    await cancel(waiting)
    expectProblem(await checkOut(buyer, CARD, crypto.randomUUID()), 402, 'payment_declined')
    const [last] = await setup.sql`
      select c.id, p.quantity from checkouts c, products p where c.buyer_id = ${buyer.id} and p.id = ${buyer.product_id}
      order by c.id desc limit 1`
    expect(last).toMatchObject({ quantity: 5 })
    if (setup.payments)
      await eventually(
        30_000,
        async () => setup.payments?.().find(last?.id as number),
        (charge) => charge?.outcome === 'declined',
      )
    expectStatus(await checkOut(buyer, 'pm_card_visa'), 201)
  })

  test('a page needs its own token', async () => {
    const [waiting, other] = [await makeWaiting(), await makeWaiting()]
    const forged = waiting.url.replace(/[^/]+$/, new URL(other.url).pathname.split('/').at(-1) as string)
    for (const url of [forged, `${waiting.url}x`, waiting.url.replace(/\/[^/]+$/, '')])
      for (const send of [fetch, confirm]) expect((await send(url)).status).toBe(404)
    expect(await stateOf(waiting)).toMatchObject({ payment: 'requires_action' })
  })

  test(
    'the buyer confirms 50 times in parallel: one charge',
    async () => {
      const waiting = await makeWaiting()
      const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(waiting.url)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(await stateOf(waiting)).toEqual(PAID)
    },
    TIMEOUT_MS,
  )

  test(
    'confirmations, declines, cancellations and the time-out at once: one outcome, one charge at most',
    async () => {
      const rounds = Array.from({ length: 12 }, async (_, round) => {
        const waiting = await makeWaiting()
        const rivals = [() => confirm(waiting.url), () => cancel(waiting), () => decline(waiting.url), () => passTime(waiting)]
        // In each order of two rivals.
        const [first, second] = [rivals[round % 4], rivals[(round + 1 + Math.floor(round / 4)) % 4]]
        await Promise.all([first, second, first, second].map((act) => act?.()))
        await untilSettled(waiting)
        const state = await stateOf(waiting)
        expect(state).toEqual(
          state.status === 'paid' ? PAID : { ...UNDONE, payment: expect.stringMatching(/declined|cancelled/) },
        )
      })
      await Promise.all(rounds)
    },
    TIMEOUT_MS,
  )
})

describe('POST /v1/checkouts/{id}/cancel', () => {
  beforeAll(() => {
    setup = separate
  })

  test('only for the buyer, and not once the checkout is paid', async () => {
    const waiting = await makeWaiting()
    const stranger = await makeBuyer(setup)
    expectProblem(await stranger.api('POST', `/v1/checkouts/${waiting.checkout.checkout_id}/cancel`), 404, 'not_found')
    await confirm(waiting.url)
    const refused = expectProblem(await cancel(waiting), 409, 'wrong_checkout_state')
    expect(refused).toMatchObject({ checkout_status: 'paid' })
    expect(await stateOf(waiting)).toEqual(PAID)
  })

  test(
    'a charge whose response was lost, and which the provider has made: paid',
    async () => {
      const { api, sql } = await startServer()
      const buyer = await makeBuyer({ api, sql: sql as PaymentSetup['sql'] })
      const { checkout_id } = expectStatus(await checkOut(buyer, 'pm_card_timeout'), 202)
      expectProblem(await buyer.api('POST', `/v1/checkouts/${checkout_id}/cancel`), 409, 'wrong_checkout_state')
      const { body } = await buyer.api<Checkout>('GET', `/v1/checkouts/${checkout_id}`)
      expect(body).toMatchObject({ status: 'paid', payment: { status: 'paid' } })
    },
    TIMEOUT_MS,
  )

  test(
    'while the provider is away: the checkout stays pending, and is cancelled when the provider is back',
    async () => {
      const waiting = await makeWaiting()
      await separate.killPayments()
      const unreached = await confirm(waiting.url)
      expect([unreached.status, await unreached.text()]).toEqual([503, expect.stringContaining('<h1>The bank does not respond')])
      const given_up = expectStatus(await cancel(waiting), 200)
      expect(given_up).toMatchObject({ status: 'pending', payment: { status: 'pending' } })
      expect(given_up.payment).not.toHaveProperty('next_action')
      await separate.startPayments()
      for (const send of [fetch, confirm, decline])
        expect(await (await send(waiting.url)).text()).toContain('<h1>The payment is not decided yet')
      await setup.sql`update checkouts set settle_after = now() where id = ${waiting.checkout.checkout_id}`
      await untilSettled(waiting)
      expect(await stateOf(waiting)).toEqual({ ...UNDONE, payment: 'cancelled' })
    },
    TIMEOUT_MS,
  )
})

describe('the hold of an item', () => {
  /** A buyer whose cart holds an item that exists once. */
  async function makeHolder(): Promise<PayingBuyer> {
    const buyer = await makeBuyer(setup)
    await setup.sql`delete from cart_items where user_id = ${buyer.id}`
    await setup.sql`update products set quantity = 1 where id = ${buyer.product_id}`
    await reserve(setup.sql, buyer.id, buyer.product_id)
    return buyer
  }
  const lineOf = async ({ id }: PayingBuyer) => {
    const [line] = await setup.sql`select reserved_until from cart_items where user_id = ${id}`
    return line
  }

  test('runs on during an action, and the line comes back with the rest of it', async () => {
    const buyer = await makeHolder()
    const before = await lineOf(buyer)
    const waiting = await makeWaiting(CARD, buyer)
    await decline(waiting.url)
    expect(await lineOf(buyer)).toEqual(before as never)
  })

  test('that ended during an action leaves the line unheld', async () => {
    const buyer = await makeHolder()
    const waiting = await makeWaiting(CARD, buyer)
    await setup.sql`
      update checkout_lines set reserved_until = clock_timestamp() - interval '1 second'
      where checkout_id = ${waiting.checkout.checkout_id}`
    await cancel(waiting)
    expect(await lineOf(buyer)).toEqual({ reserved_until: null })
  })
})
