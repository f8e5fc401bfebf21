/** Shipping profiles are removed while they change, and while their listings change, get the profile, are copied and sold. */
import { afterAll, expect, test } from 'bun:test'
import { placeCheckout } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, type Rival, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'
import { openBusyShop } from './busy_shop.ts'

const RIVALS = 14
const ROUNDS = 15
const WORLD = { to: 'world', base: '9', per_extra_item: '2' }

const db = await testDatabase()
const rivals = await openRivals(db.url, RIVALS)
afterAll(rivals.close)
const { owner, shop, products, makeBuyers } = await openBusyShop(db)

test('a removal never deadlocks, and no listing names the removed profile', async () => {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const profile = db.sql.json({ name: 'Big', rates: [WORLD] })
    const id = await db.value<number>`select id from add_shipping_profile(${shop}, ${owner}, ${profile})`
    await db.sql`update products set shipping_profile_id = ${id} where id = any(${products.slice(0, 4)}::bigint[])`
    const buyers = await makeBuyers(4)
    const act = ({ sql }: Rival, n: number) => {
      if (n === 0) return sql`select remove_shipping_profile(${id}, ${owner})`
      if (n === 1) {
        const rates = sql.json({ rates: [WORLD, { ...WORLD, to: 'DE' }] })
        return sql`select from change_shipping_profile(${id}, ${owner}, ${rates})`
      }
      if (n < 6) return placeCheckout(sql, buyers[n - 2] as number)
      const change = sql.json({ shipping_profile_id: id, sku: `S${round}-${n}` })
      if (n < 10) return sql`select from update_product(${products[n - 4] as number}, ${owner}, ${change})`
      if (n < 12) return sql`select from copy_product(${products[n - 8] as number}, ${owner})`
      const listed = sql.json({ title: 'Mug', price: '5', shipping_profile_id: id, sku: `N${round}-${n}` })
      return sql`select from list_product(${shop}, ${owner}, ${listed})`
    }
    outcomes.push(...(await race(rivals, (rival, n) => outcomeOf(act(rival, n)))))
    expect(await db.value`select count(*)::integer from products where shipping_profile_id = ${id}`).toBe(0)
  }
  // SWINV: the profile was removed before a listing got it. SWNTF: before its change.
  const counts = tally(outcomes)
  expect(Object.keys(counts).filter((outcome) => !['done', 'SWINV', 'SWNTF'].includes(outcome))).toEqual([])
  expect(await countDeadlocks(rivals)).toBe(0)
}, 60_000)
