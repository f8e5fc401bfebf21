import { describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { unique } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const mailsTo = (user_id: number, kind: string) =>
  db.rows<{ id: number; status: string }>`
    select id, status from mails where user_id = ${user_id} and kind = ${kind} order by id`

/** Takes the mail as the worker does. Returns whether it is to be sent. */
const take = async (id: number) => (await db.rows`select kind from take_mail(${id}, ${randomBytes(32)})`).length === 1

async function writeAndTake(kind: string, user_id: number, email: string | null = null): Promise<boolean> {
  await db.sql`select write_mail(${kind}, ${user_id}, email => ${email})`
  return take((await mailsTo(user_id, kind)).at(-1)?.id as number)
}

async function makeUnproved(): Promise<number> {
  const user = await db.makeUser()
  await db.sql`update users set email_verified_at = null where id = ${user}`
  return user
}

describe('a mail', () => {
  test('rolls back with the transaction of what it tells', async () => {
    const user = await db.makeUser()
    const failing = db.sql.begin(async (tx) => {
      await tx`select write_mail('password_changed', ${user})`
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await mailsTo(user, 'password_changed')).toEqual([])
  })

  test('tells a fact once, and each side of it', async () => {
    const { order_id, buyer_id, seller_id } = await db.makeSale()
    await db.sql`select write_mail('order_sold', ${seller_id}, ${order_id})`
    expect(await db.mailsAbout('order_sold', order_id)).toEqual([`order_sold ${seller_id}`])
    await db.sql`select * from cancel_order(${order_id}, ${buyer_id})`
    expect(await db.mailsAbout('order_cancelled', order_id)).toEqual([`order_cancelled ${buyer_id}`])
    expect(await db.mailsAbout('sold_order_cancelled', order_id)).toEqual([`sold_order_cancelled ${seller_id}`])
  })

  test('that was sent or rejected is not taken again', async () => {
    const user = await db.makeUser()
    for (const outcome of ['sent', 'rejected']) {
      expect(await writeAndTake('password_changed', user)).toBe(true)
      const { id } = (await mailsTo(user, 'password_changed')).at(-1) as { id: number }
      await db.sql`select finish_mail(${id}, ${outcome}, 'no such mailbox')`
      expect(await take(id)).toBe(false)
    }
    expect(await db.value<Date>`select mail_rejected_at from users where id = ${user}`).toBeInstanceOf(Date)
  })

  test('that 20 workers take and finish at once is sent by one status', async () => {
    const user = await db.makeUser()
    await db.sql`select write_mail('password_changed', ${user})`
    const [mail] = await mailsTo(user, 'password_changed')
    await db.race(20, async ({ sql }) => {
      await sql`select kind from take_mail(${mail?.id as number}, ${randomBytes(32)})`
      await sql`select finish_mail(${mail?.id as number}, 'sent')`
    })
    expect(await mailsTo(user, 'password_changed')).toEqual([{ id: mail?.id as number, status: 'sent' }])
  })

  test('to an erased person is not written', async () => {
    const user = await db.makeUser()
    await db.sql`update users set erased_at = now() where id = ${user}`
    await db.sql`select write_mail('password_changed', ${user})`
    expect(await mailsTo(user, 'password_changed')).toEqual([])
  })
})

test('a kind that does not exist is an error', async () => {
  expect(await refusalOf(db.sql`select write_mail('nonsense', ${await db.makeUser()})`)).toMatchObject({ code: '23502' })
})

describe('mails that no order caused', () => {
  test('reach an address that never confirmed at most 3 times an hour, all accounts together', async () => {
    const [one, two] = [await makeUnproved(), await makeUnproved()]
    const email = `${unique('victim')}@example.com`
    const taken = [
      await writeAndTake('change_email', one, email),
      await writeAndTake('change_email', two, email.toUpperCase()),
      await writeAndTake('change_email', one, email),
      await writeAndTake('change_email', two, email),
    ]
    expect(taken).toEqual([true, true, true, false])
    expect((await mailsTo(two, 'change_email')).map(({ status }) => status)).toEqual(['pending', 'dropped'])
    await db.sql`update mails set taken_at = taken_at - interval '1 hour' where normal_email(email) = ${email}`
    expect(await writeAndTake('change_email', one, email)).toBe(true)
  })

  test('are limited when 20 workers send at once', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, makeUnproved))
    const email = `${unique('victim')}@example.com`
    for (const user of users) await db.sql`select write_mail('change_email', ${user}, email => ${email})`
    const ids = await db.rows<{ id: number }>`select id from mails where email = ${email}`
    const taken = await db.race(
      20,
      ({ sql }, place) => sql`select * from take_mail(${ids[place]?.id as number}, ${randomBytes(32)})`,
    )
    expect(taken.flat()).toHaveLength(3)
  })

  test('reach a confirmed address 10 times an hour', async () => {
    const user = await db.makeUser()
    const taken: boolean[] = []
    for (let ask = 0; ask < 11; ask++) taken.push(await writeAndTake('reset_password', user))
    expect(taken).toEqual([...Array(10).fill(true), false])
  })

  test('cannot suppress what tells of a change', async () => {
    const user = await db.makeUser()
    for (let ask = 0; ask < 12; ask++) await writeAndTake('reset_password', user)
    for (const kind of [
      'password_changed',
      'email_change_requested',
      'email_changed',
      'second_factor_removed',
      'payout_account_changed',
    ])
      expect({ kind, is_sent: await writeAndTake(kind, user) }).toEqual({ kind, is_sent: true })
  })

  test('have limits that a scale multiplies', async () => {
    const user = await makeUnproved()
    const email = `${unique('load')}@example.com`
    for (let ask = 0; ask < 7; ask++) await db.sql`select write_mail('change_email', ${user}, email => ${email})`
    const ids = await db.rows<{ id: number }>`select id from mails where email = ${email} order by id`
    const taken: number[] = []
    for (const { id } of ids) taken.push((await db.rows`select from take_mail(${id}, ${randomBytes(32)}, 2)`).length)
    expect(taken).toEqual([1, 1, 1, 1, 1, 1, 0])
  })

  test('that fail are tried again without being counted again', async () => {
    const user = await makeUnproved()
    await db.sql`select write_mail('verify_email', ${user})`
    const [mail] = await mailsTo(user, 'verify_email')
    for (let attempt = 0; attempt < 5; attempt++) expect(await take(mail?.id as number)).toBe(true)
    expect(await db.value<number>`select count(*)::integer from user_tokens where mail_id = ${mail?.id}`).toBe(5)
  })

  test('do not count the mails of orders', async () => {
    const { order_id, buyer_id } = await db.makeSale()
    await db.sql`update users set email_verified_at = null where id = ${buyer_id}`
    for (let ask = 0; ask < 3; ask++) expect(await writeAndTake('verify_email', buyer_id)).toBe(true)
    expect(await writeAndTake('verify_email', buyer_id)).toBe(false)
    await db.sql`select * from cancel_order(${order_id}, ${buyer_id})`
    const [mail] = await mailsTo(buyer_id, 'order_cancelled')
    expect(await take(mail?.id as number)).toBe(true)
  })
})

describe('a failed payment', () => {
  test('is news if the buyer was told that it is pending', async () => {
    const { checkout_id, buyer_id } = await db.makeSale({ outcome: null })
    await db.settleCheckout(checkout_id, 'declined')
    expect(await mailsTo(buyer_id, 'payment_failed')).toEqual([])
    const [buyer, product] = [await db.makeUser(), await db.makeProduct()]
    await db.reserve(buyer, product)
    const pending = await db.placeCheckout(buyer)
    await db.settleCheckout(pending.checkout_id as number, 'pending')
    await db.settleCheckout(pending.checkout_id as number, 'declined')
    expect(await mailsTo(buyer, 'payment_failed')).toHaveLength(1)
  })
})

describe('a parcel', () => {
  test('is told when it leaves, and each correction of its tracking', async () => {
    const { order_id, buyer_id, seller_id } = await db.makeSale()
    await db.sql`select * from ship_order(${order_id}, ${seller_id}, 'DHL', '1')`
    const shipment_id = await db.value<number>`select id from shipments where order_id = ${order_id}`
    for (const number of ['2', '2', '3', '4', '5', '6'])
      await db.sql`select * from correct_tracking(${shipment_id}, ${seller_id}, null, ${number})`
    expect(await mailsTo(buyer_id, 'order_shipped')).toHaveLength(1)
    // At most three a day.
    expect(await mailsTo(buyer_id, 'tracking_corrected')).toHaveLength(3)
    expect(await db.rows`select from order_events where order_id = ${order_id} and change = 'tracking'`).toHaveLength(5)
  })
})
