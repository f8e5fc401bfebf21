/** Sections are removed while their listings change, get the section and are sold. */
import { afterAll, expect, test } from 'bun:test'
import { placeCheckout } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, type Rival, race } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { testDatabase } from '../test_database.ts'
import { openBusyShop } from './busy_shop.ts'

const RIVALS = 12
const ROUNDS = 15

const db = await testDatabase()
const rivals = await openRivals(db.url, RIVALS)
afterAll(rivals.close)
const { owner, shop, products, makeBuyers } = await openBusyShop(db)

test('a removal never deadlocks, and leaves no listing in the removed section', async () => {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { id } = await db.json`select body from add_section(${shop}, ${owner}, ${db.sql.json({ name: `S${round}` })})`
    await db.sql`update products set section_id = ${id} where id = any(${products.slice(0, 4)}::bigint[])`
    const buyers = await makeBuyers(4)
    const act = ({ sql }: Rival, n: number) => {
      if (n === 0) return sql`select remove_section(${id}, ${owner})`
      if (n === 1) return sql`select from change_section(${id}, ${owner}, ${sql.json({ name: `T${round}` })})`
      if (n < 6) return placeCheckout(sql, buyers[n - 2] as number)
      const change = sql.json({ section_id: id })
      if (n < 9) return sql`select from update_product(${products[n - 3] as number}, ${owner}, ${change})`
      return sql`select from list_product(${shop}, ${owner}, ${sql.json({ title: 'Mug', price: '5', section_id: id })})`
    }
    outcomes.push(...(await race(rivals, (rival, n) => outcomeOf(act(rival, n)))))
    const [left] = await db.rows`select count(*) as listings from products where section_id = ${id}`
    expect(Number(left?.listings)).toBe(0)
  }
  // SWINV: the section was being removed. SWNTF: its new name came too late.
  const counts = tally(outcomes)
  expect(Object.keys(counts).filter((outcome) => !['done', 'SWINV', 'SWNTF'].includes(outcome))).toEqual([])
  expect(await countDeadlocks(rivals)).toBe(0)
}, 60_000)
