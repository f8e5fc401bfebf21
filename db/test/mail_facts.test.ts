/** The mails that the functions write, with their facts, rendered by the templates in each language. */
import { describe, expect, test } from 'bun:test'
import { kinds, render } from '../../src/domains/mails/render.ts'
import { samples } from '../../src/domains/mails/samples.ts'
import { locales } from '../../src/domains/mails/words.ts'
import { unique } from '../../test/support/factory.ts'
import { ADDRESS } from '../../test/support/purchase.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const LINK = 'https://market.example/a-link/abc'

type Facts = Record<string, Record<string, unknown>>

const factsOf = (kind: string, fact_id: number): Promise<Facts> =>
  db.json`select mail_facts(m) from mails m where m.kind = ${kind} and m.fact_id = ${fact_id}`

/** Returns the text of a mail in English, after it rendered it in each language. */
function textOf(kind: string, facts: Facts): string {
  const [english] = locales.map((locale) => render({ kind, locale, facts, link: LINK }).text)
  return english as string
}

async function makePending() {
  const [buyer, key] = [await db.makeUser(), unique('key')]
  await db.reserve(buyer, await db.makeProduct({ price: '12.50' }))
  const { checkout_id } = await db.placeCheckout(buyer, { key })
  return checkout_id as number
}

const requireAction = (checkout_id: number) => db.sql`
  select from settle_checkout(
    ${checkout_id}, 'requires_action', 'simulated', 'ref-1', next_action => '{"type": "redirect", "url": "https://bank.example/1"}')`

test('each kind of mail_kinds has a template, and no other', async () => {
  const known = await db.rows<{ kind: string }>`select kind from mail_kinds() order by kind`
  expect(known.map(({ kind }) => kind)).toEqual(kinds.toSorted())
})

describe('to buyers', () => {
  test('checkout_paid has each order, the postage and the address', async () => {
    const { checkout_id, order_id } = await db.makeSale()
    const facts = await factsOf('checkout_paid', checkout_id)
    expect(facts.checkout).toMatchObject({ total: '23.00', shipping_address: ADDRESS, orders: [{ id: order_id, note: null }] })
    const text = textOf('checkout_paid', facts)
    for (const part of ['$20.00', '$3.00', '$23.00', ADDRESS.line1, `Order ${order_id}`, LINK]) expect(text).toContain(part)
  })

  test('checkout_paid has the estimated delivery of an order', async () => {
    const { checkout_id, order_id } = await db.makeSale()
    expect((await factsOf('checkout_paid', checkout_id)).checkout).toMatchObject({ orders: [{ delivery: null }] })
    await db.sql`update orders set delivery_from = '2026-12-05', delivery_to = '2026-12-09' where id = ${order_id}`
    const text = textOf('checkout_paid', await factsOf('checkout_paid', checkout_id)).replace(/\s+/g, ' ')
    expect(text).toContain('It should arrive between December 5, 2026 and December 9, 2026.')
  })

  test('payment_action has the URL of the bank, and nothing once the payment asks no more', async () => {
    const checkout_id = await makePending()
    await requireAction(checkout_id)
    const text = textOf('payment_action', await factsOf('payment_action', checkout_id))
    for (const part of ['$12.50', 'https://bank.example/1']) expect(text).toContain(part)
    await db.settleCheckout(checkout_id, 'paid')
    expect(await factsOf('payment_action', checkout_id)).toBeNull()
  })

  test('payment_failed has the amount, and no text that a person wrote', async () => {
    const checkout_id = await makePending()
    await requireAction(checkout_id)
    await db.settleCheckout(checkout_id, 'declined')
    expect(await factsOf('payment_failed', checkout_id)).toEqual({ checkout: { total: '12.50' } })
    expect(textOf('payment_failed', await factsOf('payment_failed', checkout_id))).toContain('$12.50')
  })

  test('order_shipped has the units of the parcel, and tracking_corrected the new number', async () => {
    const { order_id, seller_id } = await db.makeSale()
    const line_id = await db.value<number>`select id from order_items where order_id = ${order_id}`
    const ship = async (tracking_number: string) =>
      (
        await db.json`
          select body from ship_lines(${order_id}, ${seller_id}, 'UPS', ${tracking_number},
            ${db.sql.json([{ line_id, quantity: 1 }])})`
      ).id as number
    const shipment_id = await ship('1Z 1')
    const facts = await factsOf('order_shipped', shipment_id)
    expect(facts.shipment).toMatchObject({ is_whole_order: false, items: [{ quantity: 1 }] })
    const text = textOf('order_shipped', facts)
    for (const part of [`A parcel of your order ${order_id}`, '1 ×', 'UPS', '1Z 1', LINK]) expect(text).toContain(part)
    await db.sql`select from correct_tracking(${shipment_id}, ${seller_id}, null, '1Z 2')`
    const event_id = await db.value<number>`select max(id) from order_events where order_id = ${order_id}`
    expect(textOf('tracking_corrected', await factsOf('tracking_corrected', event_id))).toContain('1Z 2')
  })

  test('order_shipped tells when the whole order has left', async () => {
    const { order_id, seller_id } = await db.makeSale()
    const { id } = await db.json`select body from ship_lines(${order_id}, ${seller_id}, 'UPS', '1Z 1', null)`
    expect(textOf('order_shipped', await factsOf('order_shipped', id))).toContain(`Your order ${order_id} is on its way`)
  })

  test('order_refunded has the amount, the reason and the note', async () => {
    const { order_id, seller_id } = await db.makeSale()
    const { id } = await db.json`
      select body from refund_part(${order_id}, ${seller_id}, 4.50, null, null, null, 'damaged', 'One cup was chipped.')`
    const text = textOf('order_refunded', await factsOf('order_refunded', id))
    for (const part of ['$4.50', 'an item was damaged', 'One cup was chipped.', LINK]) expect(text).toContain(part)
  })

  test('order_cancelled has the items and goes with a mail to the seller', async () => {
    const { order_id, buyer_id } = await db.makeSale()
    await db.sql`select from cancel_order(${order_id}, ${buyer_id})`
    for (const kind of ['order_cancelled', 'sold_order_cancelled']) {
      expect(textOf(kind, await factsOf(kind, order_id))).toContain('2 × ')
    }
  })
})

describe('to sellers', () => {
  test('order_sold has the address, the note and the gift message', async () => {
    const { order_id } = await db.makeSale()
    await db.sql`update orders set note = 'Ring twice.', is_gift = true, gift_message = 'To Mia' where id = ${order_id}`
    const text = textOf('order_sold', await factsOf('order_sold', order_id))
    const parts = [ADDRESS.name, ADDRESS.line1, '$23.00', '2 × ', 'Ring twice.', 'is a gift', 'To Mia']
    for (const part of parts) expect(text).toContain(part)
  })

  test('order_sold has the personalization; a mail about a parcel or a cancellation has no text of the buyer', async () => {
    const { order_id, buyer_id } = await db.makeSale({ personalization: 'For Leo' })
    expect(textOf('order_sold', await factsOf('order_sold', order_id))).toContain('Personalization: For Leo')
    await db.sql`select from cancel_order(${order_id}, ${buyer_id})`
    expect(textOf('order_cancelled', await factsOf('order_cancelled', order_id))).not.toContain('For Leo')
  })

  test('order_sold leaves out an erased address', async () => {
    const { order_id, checkout_id } = await db.makeSale()
    await db.sql`update checkouts set shipping_address = '{"country": "DE"}' where id = ${checkout_id}`
    expect(textOf('order_sold', await factsOf('order_sold', order_id))).toContain('Ships to\nGermany')
  })

  test('refund_failed has the amount and the reason', async () => {
    const { order_id, seller_id } = await db.makeSale()
    await db.sql`select from refund_order(${order_id}, ${seller_id})`
    const refund_id = await db.value<number>`select id from refunds where order_id = ${order_id}`
    await db.sql`select settle_refund(${refund_id}, 'failed', 're_1', 'lost_card')`
    const text = textOf('refund_failed', await factsOf('refund_failed', refund_id))
    for (const part of ['$23.00', 'lost_card', `${order_id}`]) expect(text).toContain(part)
  })
})

describe('to the owner of an account', () => {
  const accountKinds = [...samples.keys()].filter((kind) => !/order|checkout|payment|tracking|refund/.test(kind))

  test.each(accountKinds)('%s', async (kind) => {
    const user_id = await db.makeUser()
    await db.sql`select write_mail(${kind}, ${user_id})`
    const facts = await db.json`select mail_facts(m) from mails m where m.user_id = ${user_id}`
    expect(textOf(kind, facts).length).toBeGreaterThan(100)
  })

  test('a link has its time, in hours', async () => {
    const user_id = await db.makeUser()
    await db.sql`select write_mail('verify_email', ${user_id})`
    const facts = await db.json`select mail_facts(m) from mails m where m.user_id = ${user_id}`
    expect(textOf('verify_email', facts)).toContain('24 hours')
  })

  test('new_device names the device of the session', async () => {
    const user_id = await db.makeUser()
    const session_id = await db.value<number>`
      insert into sessions (user_id, token_hash, device, expires_at)
      values (${user_id}, sha256('new_device'), 'Firefox on Windows', now() + interval '1 day') returning id`
    await db.sql`select write_mail('new_device', ${user_id}, ${session_id})`
    expect(textOf('new_device', await factsOf('new_device', session_id))).toContain('Firefox on Windows')
  })

  test('new_device is sent also after the session has ended', async () => {
    const user_id = await db.makeUser()
    await db.sql`select write_mail('new_device', ${user_id}, 999999)`
    expect(textOf('new_device', await factsOf('new_device', 999_999))).toContain('UTC')
  })
})
