/** Buyers who race for the variants of one listing, on concurrent connections: one stock for all, or a stock of each. */
import { afterAll, expect, test } from 'bun:test'
import { placeCheckout, reserve, settleCheckout, splitOrders } from '../../../test/support/factory.ts'
import { countDeadlocks, openRivals, type Rival, race, untilBlocked } from '../../../test/support/races.ts'
import { outcomeOf, tally } from '../../../test/support/refusals.ts'
import { compareStock, readStock } from '../../../test/support/stock.ts'
import { testDatabase } from '../test_database.ts'

const RIVALS = 12
const db = await testDatabase()
const rivals = await openRivals(db.url, RIVALS)
afterAll(rivals.close)

/** Makes a listing with two variants. Without quantities both take its stock of one. */
async function listing(quantities?: [number, number]) {
  const product = await db.makeProduct()
  const ids = await db.makeVariants(product, [
    { option_values: ['Framed'], ...(quantities && { quantity: quantities[0] }) },
    { option_values: ['Unframed'], ...(quantities && { quantity: quantities[1] }) },
  ])
  return { product, ids: ids as [number, number] }
}

const liveHolds = (product: number) => db.value<number>`
  select count(*)::integer from cart_items where product_id = ${product} and reserved_until > clock_timestamp()`

test.each([
  ['one shared unit has one holder and one buyer', undefined, 1],
  ['one unit of each has two holders and two buyers', [1, 1], 2],
] as const)('%s', async (_what, quantities, winners) => {
  const { product, ids } = await listing(quantities && [...quantities])
  const buyers = await db.makeUsers(RIVALS)
  const before = await readStock(db.sql, [product])
  const added = await race(rivals, ({ sql }, n) => outcomeOf(reserve(sql, buyers[n] as number, product, 1, ids[n % 2] as number)))
  expect(tally(added)).toEqual({ done: winners, SWRES: RIVALS - winners })
  expect(await liveHolds(product)).toBe(winners)
  // The others put their line there without a hold, as if the stock had been larger.
  for (const [n, buyer] of buyers.entries())
    if (added[n] !== 'done') await db.putLine(buyer, product, { variant_id: ids[n % 2] as number })
  await db.sql`update cart_items set reserved_until = null where product_id = ${product}`
  const bought = await race(rivals, ({ sql }, n) => outcomeOf(splitOrders(sql, buyers[n] as number)))
  expect(tally(bought)).toEqual({ done: winners, SWSTK: RIVALS - winners })
  expect(compareStock(before, await readStock(db.sql, [product]))).toEqual([])
  expect(await db.value`select quantity from products where id = ${product}`).toBe(0)
})

test('carts with the variants in both orders, refunds and an edited stock: no deadlock, and each stock adds up', async () => {
  const [first, second] = [await listing([40, 40]), await listing([40, 40])]
  const both = [first, second]
  const before = await readStock(
    db.sql,
    both.map(({ product }) => product),
  )
  const outcomes = await race(rivals, async ({ sql }, n) => {
    if (n === 0) {
      for (let round = 0; round < 20; round++)
        for (const { product, ids } of both)
          await sql`
            with listed as (select id from products where id = ${product} for no key update)
            update variants set price = ${10 + round} from listed where product_id = listed.id and variants.id = any (${ids}::bigint[])`
      return 'done'
    }
    const buyer = await db.makeUser()
    for (let round = 0; round < 3; round++) {
      const chosen = n % 2 ? both : both.toReversed()
      for (const { product, ids } of chosen)
        for (const id of n % 3 ? ids : ids.toReversed()) await reserve(sql, buyer, product, 1, id)
      const expected = await sql<{ total: string }[]>`
        select q.total from quote_lines((
          select jsonb_agg(to_jsonb(l)) from lines_to_order(${buyer}, cart_line_ids(${buyer})) l
        )) q where q.shop_id is null`
      const placed = await placeCheckout(sql, buyer, { expected_total: expected[0]?.total ?? null })
      // The seller raised a price between the quote and the checkout.
      if (placed.refusal) continue
      await settleCheckout(sql, placed.checkout_id as number, n % 2 ? 'paid' : 'declined')
      if (n % 4 === 1)
        await sql`
          select refund_order(o.id, s.owner_id) from orders o join shops s on s.id = o.shop_id
          where o.checkout_id = ${placed.checkout_id}`
    }
    return 'done'
  })
  expect(tally(outcomes)).toEqual({ done: RIVALS })
  expect(
    compareStock(
      before,
      await readStock(
        db.sql,
        both.map(({ product }) => product),
      ),
    ),
  ).toEqual([])
  expect(await countDeadlocks(rivals)).toBe(0)
})

test('a change of stock_by waits for all lines of the listing before it ends a hold', async () => {
  const owner = await db.makeUser()
  const product = await db.makeProduct({ shop_id: await db.makeShop({ owner_id: owner }) })
  const [framed, unframed] = await db.makeVariants(product, [{ option_values: ['Framed'] }, { option_values: ['Unframed'] }])
  const buyer = await db.makeUser()
  await db.putLine(buyer, product, { variant_id: framed as number, reserved_until: new Date(0) })
  await db.putLine(buyer, product, { variant_id: unframed as number })
  await db.sql`
    insert into holds (user_id, product_id, held_until, lapsed_at) values (${buyer}, ${product}, now() - interval '1 hour', now())`
  const changes = {
    stock_by: 'variant',
    variant_quantities: [framed, unframed].map((variant_id) => ({ variant_id, quantity: 1 })),
  }
  const [buying, selling] = rivals.all as [Rival, Rival]
  await buying.sql`begin`
  // The first statement of remove_cart_line, then its second one.
  await buying.sql`delete from cart_items where variant_id = ${unframed as number}`
  const changed = outcomeOf(selling.sql`select from update_product(${product}, ${owner}, ${selling.sql.json(changes as never)})`)
  await untilBlocked(db.sql, selling)
  expect(await outcomeOf(buying.sql`select mark_lapses_seen(${buyer}, ${product}, 0)`)).toBe('done')
  await buying.sql`commit`
  expect(await changed).toBe('done')
})
