/** The orders of guests become those of the account that proves their address, at once and once. */
import { describe, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import { placeCheckout, unique } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const newEmail = () => `${unique('Gail')}@Example.com`
const adopt = async (account_id: number, sql: Sql = db.sql) =>
  (await sql`select adopt_guest_orders(${account_id}) as orders`)[0]?.orders as number

async function makeGuest(email: string): Promise<number> {
  const token_hash = Buffer.from(crypto.getRandomValues(new Uint8Array(32)))
  const [session] = await db.sql`select user_body from start_guest_session(${email}, ${token_hash}, 3600)`
  return JSON.parse(session?.user_body).id
}

/** Places an order of a guest: paid, or with another outcome of the payment, or pending. */
async function buyAs(guest_id: number, outcome: string | null = 'paid') {
  await db.putLine(guest_id, await db.makeProduct())
  const { checkout_id } = await db.placeCheckout(guest_id, { key: 'the same key' })
  if (outcome) await db.settleCheckout(checkout_id, outcome)
  const [order] = await db.rows<{ id: number }>`select id from orders where checkout_id = ${checkout_id}`
  return { checkout_id: checkout_id as number, order_id: order?.id as number }
}

const buyersOf = (checkout_id: number) => db.rows<{ checkout: number; order: number }>`
  select c.buyer_id as checkout, o.buyer_id as order from checkouts c join orders o on o.checkout_id = c.id where c.id = ${checkout_id}`

async function expectReplay(order_id: number): Promise<void> {
  const [row] =
    await db.rows`select replay_order(o.id) as rebuilt, order_facts(o) as facts from orders o where o.id = ${order_id}`
  expect(row?.rebuilt).toEqual(row?.facts)
}

const sessionsOf = (user_id: number) => db.value<number>`select count(*)::integer from sessions where user_id = ${user_id}`

describe('adopt_guest_orders', () => {
  test('gives an account the orders of all guests of its address, with an event each', async () => {
    const email = newEmail()
    const guests = [await makeGuest(email), await makeGuest(email.toLowerCase()), await makeGuest(email)]
    const [paid, pending] = [await buyAs(guests[0] as number), await buyAs(guests[1] as number, null)]
    await db.putLine(guests[2] as number, await db.makeProduct())
    const account = await db.makeUser({ email: email.toUpperCase() })
    expect(await adopt(account)).toBe(2)
    for (const { checkout_id, order_id } of [paid, pending]) {
      expect(await buyersOf(checkout_id)).toEqual([{ checkout: account, order: account }])
      const [event] = await db.rows`
        select status, actor_id, change, detail from order_events where order_id = ${order_id} order by id desc limit 1`
      const status = order_id === paid.order_id ? 'paid' : 'pending'
      expect(event).toEqual({ status, actor_id: account, change: 'adoption', detail: { buyer_id: account } })
      await expectReplay(order_id)
    }
    for (const guest of guests) expect(await sessionsOf(guest)).toBe(0)
    const jobs = guests.map((user_id) => ({ user_id }))
    expect(await db.waitingJobs('erase_user')).toEqual(expect.arrayContaining(jobs))
    for (const guest of guests) await db.sql`select erase_user(${guest})`
    expect(await db.value`select count(*)::integer from cart_items where user_id = any (${guests})`).toBe(0)
    expect(await db.value`select count(*)::integer from users where email ilike ${email}`).toBe(1)
    expect(await db.value`select count(*)::integer from mails where user_id = any (${guests})`).toBe(0)
    expect(await adopt(account)).toBe(0)
  })

  test('leaves other addresses alone', async () => {
    const guest = await makeGuest(newEmail())
    const { checkout_id } = await buyAs(guest)
    expect(await adopt(await db.makeUser())).toBe(0)
    expect(await buyersOf(checkout_id)).toEqual([{ checkout: guest, order: guest }])
    expect(await sessionsOf(guest)).toBe(1)
  })

  test('does nothing for an account that has not proved its address, and for a guest', async () => {
    const email = newEmail()
    const guest = await makeGuest(email)
    const { checkout_id } = await buyAs(guest)
    const account = await db.makeUser({ email })
    await db.sql`update users set email_verified_at = null where id = ${account}`
    expect([await adopt(account), await adopt(await makeGuest(email))]).toEqual([0, 0])
    expect(await buyersOf(checkout_id)).toEqual([{ checkout: guest, order: guest }])
    await db.sql`update users set email_verified_at = now() where id = ${account}`
    expect(await adopt(account)).toBe(1)
  })

  test('takes the orders that are there, and later ones with the next proof', async () => {
    const email = newEmail()
    await buyAs(await makeGuest(email))
    const account = await db.makeUser({ email })
    expect(await adopt(account)).toBe(1)
    const later = await buyAs(await makeGuest(email))
    expect(await buyersOf(later.checkout_id)).not.toEqual([{ checkout: account, order: account }])
    expect(await adopt(account)).toBe(1)
    expect(await buyersOf(later.checkout_id)).toEqual([{ checkout: account, order: account }])
  })

  test('takes checkouts with one key, also one of the account', async () => {
    const email = newEmail()
    const account = await db.makeUser({ email })
    const own = await buyAs(account)
    const adopted = [await buyAs(await makeGuest(email)), await buyAs(await makeGuest(email), 'declined')]
    expect(await adopt(account)).toBe(2)
    const replay = await db.placeCheckout(account, { key: 'the same key' })
    expect([replay.step, replay.checkout_id]).toEqual(['replay', own.checkout_id])
    for (const { checkout_id } of adopted) expect(await buyersOf(checkout_id)).toEqual([{ checkout: account, order: account }])
  })
})

describe('a pending payment of an adopted order', () => {
  test('is paid: the mail goes to the account', async () => {
    const email = newEmail()
    const { checkout_id, order_id } = await buyAs(await makeGuest(email), null)
    const account = await db.makeUser({ email })
    await adopt(account)
    expect(await db.settleCheckout(checkout_id, 'paid')).toMatchObject({ status: 'paid' })
    expect(await db.rows`select user_id from mails where kind = 'checkout_paid' and fact_id = ${checkout_id}`).toEqual([
      { user_id: account },
    ])
    expect(await db.value`select num_nonnulls(body) from idempotency_keys where checkout_id = ${checkout_id}`).toBe(1)
    await expectReplay(order_id)
  })

  test('fails: its lines return to the cart of the account', async () => {
    const email = newEmail()
    const { checkout_id } = await buyAs(await makeGuest(email), null)
    const account = await db.makeUser({ email })
    await adopt(account)
    await db.settleCheckout(checkout_id, 'declined')
    expect(await db.rows`select user_id from cart_items where user_id = ${account}`).toHaveLength(1)
  })
})

describe('the buyer of a checkout or an order', () => {
  test('changes in no other way', async () => {
    const email = newEmail()
    const guest = await makeGuest(email)
    const { checkout_id, order_id } = await buyAs(guest)
    const account = await db.makeUser({ email })
    const own = await db.makeSale()
    await db.sql`update users set email_verified_at = null where id = ${account}`
    const change = (buyer_id: number) => refusalOf(db.sql`update checkouts set buyer_id = ${buyer_id} where id = ${checkout_id}`)
    for (const other of [account, await db.makeUser(), await makeGuest(email)])
      expect(await change(other)).toMatchObject({ code: 'SWAPP' })
    expect(await refusalOf(db.sql`update checkouts set buyer_id = ${guest} where id = ${own.checkout_id}`)).toMatchObject({
      code: 'SWAPP',
    })
    await db.sql`update users set email_verified_at = now() where id = ${account}`
    // The checkout alone, or the order alone.
    expect(await change(account)).toMatchObject({ code: '23503' })
    expect(await refusalOf(db.sql`update orders set buyer_id = ${account} where id = ${order_id}`)).toMatchObject({
      code: '23503',
    })
    const cheaper = db.sql`update checkouts set buyer_id = ${account}, subtotal = 1 where id = ${checkout_id}`
    expect(await refusalOf(cheaper)).toMatchObject({ code: 'SWAPP' })
    expect(await buyersOf(checkout_id)).toEqual([{ checkout: guest, order: guest }])
  })
})

describe('at the same moment', () => {
  test('one of many adoptions counts', async () => {
    const email = newEmail()
    for (let n = 0; n < 3; n++) await buyAs(await makeGuest(email))
    const account = await db.makeUser({ email })
    const counts = await db.race(8, ({ sql }) => adopt(account, sql))
    expect(counts.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 3])
  })

  test('a checkout that begins before an adoption is adopted', async () => {
    const email = newEmail()
    const guest = await makeGuest(email)
    const account = await db.makeUser({ email })
    await db.putLine(guest, await db.makeProduct())
    const orders = await db.interleave(
      (sql) => placeCheckout(sql, guest),
      (sql) => adopt(account, sql),
    )
    expect(orders).toBe(1)
  })

  test('a checkout that begins after an adoption fails, and leaves nothing', async () => {
    const email = newEmail()
    const guest = await makeGuest(email)
    const account = await db.makeUser({ email })
    await db.putLine(guest, await db.makeProduct())
    const outcome = await db.interleave(
      (sql) => adopt(account, sql),
      (sql) => outcomeOf(placeCheckout(sql, guest)),
    )
    expect(outcome).toBe('SWNTF')
    expect(await db.value`select count(*)::integer from checkouts where buyer_id in (${guest}, ${account})`).toBe(0)
    expect(await db.value`select count(*)::integer from idempotency_keys where user_id = ${guest}`).toBe(0)
  })

  test('a settlement waits for an adoption, and an adoption for a settlement', async () => {
    for (const settlesFirst of [true, false]) {
      const email = newEmail()
      const { checkout_id, order_id } = await buyAs(await makeGuest(email), null)
      const account = await db.makeUser({ email })
      const settle = (sql: Sql) => sql`select status from settle_checkout(${checkout_id}, 'paid')`.then(() => 1)
      const give = (sql: Sql) => adopt(account, sql)
      expect(await (settlesFirst ? db.interleave(settle, give) : db.interleave(give, settle))).toBe(1)
      expect(await buyersOf(checkout_id)).toEqual([{ checkout: account, order: account }])
      expect(await db.value`select status from orders where id = ${order_id}`).toBe('paid')
      await expectReplay(order_id)
    }
  })

  test('a cancellation of the guest that waits for an adoption fails; that of the account succeeds', async () => {
    const email = newEmail()
    const guest = await makeGuest(email)
    const { order_id } = await buyAs(guest)
    const account = await db.makeUser({ email })
    const cancel = (user_id: number) => (sql: Sql) => outcomeOf(sql`select from cancel_order(${order_id}, ${user_id})`)
    expect(await db.interleave((sql) => adopt(account, sql), cancel(guest))).toBe('SWNTF')
    expect(await cancel(account)(db.sql)).toBe('done')
    await expectReplay(order_id)
  })
})
