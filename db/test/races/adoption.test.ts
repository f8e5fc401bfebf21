/** Adoptions while the same guests buy, pay, cancel, and their mails are rejected. */
import { afterAll, expect, test } from 'bun:test'
import type { TestDatabase } from '../../../test/support/database.ts'
import { placeCheckout, settleCheckout, unique } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

type Sql = TestDatabase['sql']
type Guest = { id: number; pending: number }

const RIVALS = 12
const ROUNDS = 20

const db = await testDatabase()
const rivals = await openRivals(db.url, RIVALS)
afterAll(rivals.close)
const shops = [await db.makeShop(), await db.makeShop()]
const products: number[] = []
for (let n = 0; n < 4; n++) products.push(await db.makeProduct({ shop_id: shops[n % 2] as number, quantity: 100_000 }))

const fillCart = (guest_id: number, ids: number[]) => db.sql`
  insert into cart_items (user_id, product_id) select ${guest_id}, id from unnest(${ids}::bigint[]) id`

/** Makes a guest with a pending checkout, and fills the cart again. Half of the carts have the reverse order. */
async function makeGuest(email: string, n: number): Promise<Guest> {
  const ids = n % 2 ? products : products.toReversed()
  const token_hash = Buffer.from(crypto.getRandomValues(new Uint8Array(32)))
  const [session] = await db.sql`select user_body from start_guest_session(${email}, ${token_hash}, 3600)`
  const { id } = JSON.parse(session?.user_body)
  await fillCart(id, ids)
  const { checkout_id } = await db.placeCheckout(id)
  await fillCart(id, ids)
  return { id, pending: checkout_id as number }
}

/** The part of a rival: adopt, settle the guest's pending checkout, reject the mails, or buy and cancel. */
async function act(sql: Sql, n: number, { id, pending }: Guest, account: number): Promise<unknown> {
  if (n < 2) return sql`select adopt_guest_orders(${account})`
  if (n < 6) return settleCheckout(sql, pending, n % 2 ? 'declined' : 'paid')
  if (n === 6) return sql`select finish_mail(m.id, 'rejected') from mails m where m.user_id = ${id} order by m.id`
  const { checkout_id } = await placeCheckout(sql, id)
  await settleCheckout(sql, checkout_id, 'paid')
  const orders = await sql<{ id: number }[]>`select id from orders where checkout_id = ${checkout_id} order by id desc`
  for (const order of orders) await sql`select from cancel_order(${order.id}, ${id})`
  return sql`select from receive_order(${orders[0]?.id as number}, ${id})`
}

test('adoptions never deadlock, lose no order and split none', async () => {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const email = `${unique('gail')}@example.com`
    const guests: Guest[] = []
    for (let n = 0; n < RIVALS; n++) guests.push(await makeGuest(email, n))
    const account = await db.makeUser({ email })
    const of = (n: number) => guests[n] as Guest
    outcomes.push(...(await race(rivals, ({ sql }, n) => outcomeOf(act(sql, n, of(n), account)))))
    const [wrong] = await db.rows`
      select count(*) filter (where o.buyer_id <> ${account}) as of_others, count(*) filter (where o.buyer_id <> c.buyer_id) as split,
        count(*) filter (where replay_order(o.id) <> order_facts(o)) as unfaithful
      from orders o join checkouts c on c.id = o.checkout_id
      where c.buyer_id = ${account} or c.buyer_id = any (${guests.map(({ id }) => id)})`
    expect(wrong).toEqual({ of_others: 0, split: 0, unfaithful: 0 })
    const [pending] = await db.rows`
      select count(*)::integer as adopted from checkouts where id = any (${guests.map((guest) => guest.pending)}) and buyer_id = ${account}`
    expect(pending).toEqual({ adopted: RIVALS })
  }
  // The guest's cancellation comes after the adoption, or the guest's last call is refused: a cancelled order does not arrive.
  expect(Object.keys(tally(outcomes)).filter((outcome) => !['done', 'SWNTF', 'SWSTA'].includes(outcome))).toEqual([])
  expect(await countDeadlocks(rivals)).toBe(0)
}, 120_000)
