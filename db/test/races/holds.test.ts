/** Holds that begin, lapse and change their holder at the same time, on concurrent connections. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { lapseHolds, makeProduct, makeUser, makeUsers, splitOrders } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, type Rival, type Rivals, race, untilBlocked } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'

const RIVALS = 12
let db: TestDatabase
let rivals: Rivals
beforeAll(async () => {
  db = await openTestDatabase()
  rivals = await openRivals(db.url, RIVALS)
})
afterAll(async () => {
  await rivals.close()
  await db.close()
})

type Reserved = { reserved_until: Date | null; is_new_hold: boolean }
const reserve = ({ sql }: Pick<Rival, 'sql'>, user: number, product: number) =>
  sql<Reserved[]>`select reserved_until, is_new_hold from reserve_item(${user}, ${product})`

test('12 concurrent adds of one buyer begin one hold', async () => {
  const [buyer, product] = [await makeUser(db.sql), await makeProduct(db.sql)]
  const holds = await race(rivals, async (rival) => (await reserve(rival, buyer, product))[0] as Reserved)
  expect(holds.filter(({ is_new_hold }) => is_new_hold)).toHaveLength(1)
  expect(new Set(holds.map(({ reserved_until }) => reserved_until?.getTime())).size).toBe(1)
})

test('removing and adding the item again does not extend a hold against a rival', async () => {
  const [holder, rival, product] = [await makeUser(db.sql), await makeUser(db.sql), await makeProduct(db.sql)]
  await reserve(db, holder, product)
  await lapseHolds(db.sql, holder)
  // In either order: the holder's line is unheld, so the rival's hold begins.
  await race(rivals, async ({ sql }, n) => {
    if (n === 0) return void (await reserve({ sql }, rival, product))
    await sql`select remove_cart_item(${holder}, ${product})`
    await outcomeOf(reserve({ sql }, holder, product))
  })
  const held = await db.sql`select user_id from cart_items where product_id = ${product} and reserved_until > clock_timestamp()`
  expect([...held]).toEqual([{ user_id: rival }])
})

test('a checkout whose line lapses meanwhile fails with the lost line', async () => {
  const [buyer, lost, kept] = [await makeUser(db.sql), await makeProduct(db.sql), await makeProduct(db.sql, { quantity: 5 })]
  const [first, second] = rivals.all as [Rival, Rival]
  for (const product of [lost, kept]) await reserve(db, buyer, product)
  await lapseHolds(db.sql, buyer)
  await first.sql`begin`
  await first.sql`select * from expire_reservations()`
  const outcome = outcomeOf(splitOrders(second.sql, buyer))
  await untilBlocked(db.sql, second)
  await first.sql`commit`
  expect(await outcome).toBe('SWPRC')
})

test('concurrent adds, removals, reads, takeovers and the cleanup never deadlock', async () => {
  const buyers = await makeUsers(db.sql, 3)
  const products: number[] = []
  for (let n = 0; n < 5; n++) products.push(await makeProduct(db.sql))
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
        for (const product of mine) await outcomeOf(reserve({ sql }, buyer, product))
        return 'done'
      })),
    )
  }
  expect(tally(outcomes)).toEqual({ done: RIVALS * 10 })
  expect(await countDeadlocks(rivals)).toBe(0)
})
