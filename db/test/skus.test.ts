/** Writers of skus wait for each other, and nobody else waits for them. */
import { expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const owner = await db.makeUser()

const listed = (shop: number, sku: string) => (sql: typeof db.sql) =>
  sql`select body from list_product(${shop}, ${owner}, ${sql.json({ title: 'Mug', price: '5', sku })})`

test('a purchase does not wait for a transaction that wrote skus of its shop', async () => {
  const shop = await db.makeShop({ owner_id: owner })
  const buyer = await db.makeBuyer(await db.makeProduct({ shop_id: shop }))
  await db.sql.begin(async (tx) => {
    await listed(shop, 'A')(tx as never)
    const { checkout_id } = await db.placeCheckout(buyer)
    await db.settleCheckout(checkout_id as number, 'paid')
  })
  expect(await db.value`select count(*)::integer from orders where buyer_id = ${buyer} and status = 'paid'`).toBe(1)
})

test.each(['listing', 'variant'])('of two transactions at once, the second %s cannot take the sku', async (second) => {
  const shop = await db.makeShop({ owner_id: owner })
  const product = await db.makeProduct({ shop_id: shop })
  await db.makeVariants(product, [{ option_values: ['Small'] }])
  const varied = (sql: typeof db.sql) => sql`update variants set sku = 'A' where product_id = ${product}`
  const parts = [listed(shop, 'A'), varied] as const
  const [first, last] = second === 'variant' ? parts : ([varied, parts[0]] as const)
  expect(await refusalOf(db.interleave(first, last))).toMatchObject({ code: 'SWSKU', detail: { field: 'sku' } })
})

test('a variant that orders name is not deleted, and another one is', async () => {
  const shop = await db.makeShop({ owner_id: owner })
  const product = await db.makeProduct({ shop_id: shop, quantity: 5 })
  const [sold, other] = await db.makeVariants(product, [{ option_values: ['Small'] }, { option_values: ['Large'] }])
  const buyer = await db.makeUser()
  await db.putLine(buyer, product, { variant_id: sold as number })
  await db.splitOrders(buyer)
  expect(await refusalOf(db.rows`delete from variants where id = ${sold}`)).toMatchObject({ code: 'SWAPP' })
  await db.rows`delete from variants where id = ${other}`
  expect((await db.rows<{ id: number }>`select id from variants where product_id = ${product}`).map(({ id }) => id)).toEqual([
    sold as number,
  ])
})
