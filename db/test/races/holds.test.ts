/** Holds that begin, lapse and change their holder at the same time, on concurrent connections. */
import { afterAll, expect, test } from 'bun:test'
import type { Pool, Sql } from '../../../src/platform/db/client.ts'
import { reserve, splitOrders } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'

const RIVALS = 12
const db = await testDatabase()
const rivals = await openRivals(db.url, RIVALS)
afterAll(rivals.close)

test('12 concurrent adds of one buyer begin one hold', async () => {
  const [buyer, product] = [await db.makeUser(), await db.makeProduct()]
  const holds = await race(rivals, ({ sql }) => reserve(sql, buyer, product))
  expect(holds.filter(({ is_new_hold }) => is_new_hold)).toHaveLength(1)
  expect(new Set(holds.map(({ reserved_until }) => reserved_until?.getTime())).size).toBe(1)
})

test('removing and adding the item again does not extend a hold against a rival', async () => {
  const [holder, rival, product] = [await db.makeUser(), await db.makeUser(), await db.makeProduct()]
  await db.reserve(holder, product)
  await db.lapseHolds(holder)
  // In either order: the holder's line is unheld, so the rival's hold begins.
  await race(rivals, async ({ sql }, n) => {
    if (n === 0) return void (await reserve(sql, rival, product))
    await sql`select remove_cart_item(${holder}, ${product})`
    await outcomeOf(reserve(sql, holder, product))
  })
  const held = await db.sql`select user_id from cart_items where product_id = ${product} and reserved_until > clock_timestamp()`
  expect([...held]).toEqual([{ user_id: rival }])
})

test('a checkout whose line lapses meanwhile fails with the lost line', async () => {
  const [buyer, lost, kept] = [await db.makeUser(), await db.makeProduct(), await db.makeProduct({ quantity: 5 })]
  for (const product of [lost, kept]) await db.reserve(buyer, product)
  await db.lapseHolds(buyer)
  const expiring = (sql: Pool) => sql`select * from expire_reservations()`
  expect(await db.interleave(expiring, (sql) => outcomeOf(splitOrders(sql, buyer)))).toBe('SWPRC')
})

// Two calls that each wait for a lost line of the other would deadlock.
test.each<[string, (sql: Sql, buyer: number, added: number) => PromiseLike<unknown>]>([
  ['adding an item', (sql, buyer, added) => reserve(sql, buyer, added)],
  ['removing an item', (sql, buyer, added) => sql`select remove_cart_item(${buyer}, ${added})`],
  ['reading the cart', (sql, buyer) => sql`select * from show_cart(${buyer}, null)`],
])('%s waits for no lost line that another call of the buyer locks', async (_title, change) => {
  const [buyer, added, ...lost] = [await db.makeUser(), ...((await db.makeProducts(3)) as [number, number, number])]
  for (const product of [added, ...lost]) await db.reserve(buyer, product)
  await db.lapseHolds(buyer)
  await db.sql`select * from expire_reservations()`
  const outcome = await db.sql.begin(async (reading) => {
    await reading`select from holds where user_id = ${buyer} and product_id <> ${added} for update`
    return db.sql.begin(async (changing) => {
      await changing`set local lock_timeout = '1s'`
      return outcomeOf(change(changing, buyer, added))
    })
  })
  expect(outcome).toBe('done')
})

test('concurrent adds, removals, reads, takeovers and the cleanup never deadlock', async () => {
  const buyers = await db.makeUsers(3)
  const products: number[] = await db.makeProducts(5)
  const outcomes: string[] = []
  for (let round = 0; round < 10; round++) {
    await db.sql`update holds set held_until = held_until - interval '2 hours'`
    await db.sql`update cart_items set reserved_until = clock_timestamp() - interval '1 second' where reserved_until is not null`
    outcomes.push(
      ...(await race(rivals, async ({ sql }, n) => {
        const buyer = buyers[n % 3] as number
        const mine = n % 2 ? products : products.toReversed()
        if (n === 0) return outcomeOf(sql`select * from expire_reservations()`)
        if (n < 4) return outcomeOf(sql`select * from show_cart(${buyer}, null)`)
        if (n === 4) return outcomeOf(sql`select remove_cart_item(${buyer}, ${mine[0] as number})`)
        for (const product of mine) await outcomeOf(reserve(sql, buyer, product))
        return 'done'
      })),
    )
  }
  expect(tally(outcomes)).toEqual({ done: RIVALS * 10 })
  expect(await countDeadlocks(rivals)).toBe(0)
})
