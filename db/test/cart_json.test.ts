import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeShop, makeUser, putLine } from '../../test/support/factory.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function cartOf(user_id: number) {
  const [row] = await db.sql<{ cart: string }[]>`select cart_json(${user_id}) as cart`
  return JSON.parse(row?.cart as string)
}

const soon = () => new Date(Date.now() + 600_000)
const past = () => new Date(Date.now() - 600_000)

test('of an unknown user has no shops and costs nothing', async () => {
  expect(await cartOf(await makeUser(db.sql))).toEqual({
    shops: [],
    subtotal: '0.00',
    discount: '0.00',
    shipping: '0.00',
    tax: '0.00',
    total: '0.00',
    lapsed: [],
  })
})

test('groups lines by shop, with shipping and totals to the cent', async () => {
  const user = await makeUser(db.sql)
  const first = await makeShop(db.sql, { name: 'First', base: '3.33', per_extra_item: '0.67' })
  const second = await makeShop(db.sql, { name: 'Second', base: '1', per_extra_item: '0.5' })
  const mug = await makeProduct(db.sql, { shop_id: first, title: 'Mug', price: '24.50', quantity: 9 })
  const bowl = await makeProduct(db.sql, { shop_id: second, title: 'Bowl', price: '0.01', quantity: 9 })
  const vase = await makeProduct(db.sql, { shop_id: first, title: 'Vase', price: '10.00', quantity: 9 })
  await putLine(db.sql, user, vase, { quantity: 2 })
  await putLine(db.sql, user, bowl, { quantity: 3 })
  await putLine(db.sql, user, mug)
  const open = { is_on_vacation: false, vacation_message: null }
  const line = {
    line_id: expect.any(Number),
    price_when_added: null,
    price_changed: null,
    reserved_until: null,
    available: true,
    available_quantity: 9,
    unavailable_reason: null,
  }
  expect(await cartOf(user)).toEqual({
    shops: [
      {
        shop: { id: first, name: 'First', rating: null, ...open },
        items: [
          { product_id: vase, title: 'Vase', quantity: 2, unit_price: '10.00', ...line },
          { product_id: mug, title: 'Mug', quantity: 1, unit_price: '24.50', ...line },
        ],
        subtotal: '44.50',
        discount: '0.00',
        shipping: '4.67',
        tax: '0.00',
        total: '49.17',
      },
      {
        shop: { id: second, name: 'Second', rating: null, ...open },
        items: [{ product_id: bowl, title: 'Bowl', quantity: 3, unit_price: '0.01', ...line }],
        subtotal: '0.03',
        discount: '0.00',
        shipping: '2.00',
        tax: '0.00',
        total: '2.03',
      },
    ],
    subtotal: '44.53',
    discount: '0.00',
    shipping: '6.67',
    tax: '0.00',
    total: '51.20',
    lapsed: [],
  })
})

test('shows the current price and the end of a hold', async () => {
  const [user, product] = [await makeUser(db.sql), await makeProduct(db.sql, { price: '5.00' })]
  const [held] = await db.sql`select * from reserve_item(${user}, ${product})`
  await db.sql`update products set price = 6 where id = ${product}`
  expect((await cartOf(user)).shops[0].items[0]).toMatchObject({
    unit_price: '6.00',
    price_when_added: '5.00',
    price_changed: { from: '5.00', to: '6.00' },
    reserved_until: held?.reserved_until.toISOString(),
    available: true,
  })
})

test('marks the lines that cannot be ordered now', async () => {
  const [user, other] = [await makeUser(db.sql), await makeUser(db.sql)]
  const lineOf = async (product: number) => {
    for (const { items } of (await cartOf(user)).shops) for (const item of items) if (item.product_id === product) return item
  }
  const short = await makeProduct(db.sql, { quantity: 1 })
  const away = await makeProduct(db.sql, { quantity: 5 })
  const soldOut = await makeProduct(db.sql, { quantity: 0 })
  const archived = await makeProduct(db.sql, { quantity: 5 })
  const held = await makeProduct(db.sql)
  const lapsed = await makeProduct(db.sql)
  const own = await makeProduct(db.sql, { shop_id: await makeShop(db.sql, { owner_id: user }) })
  const mine = await makeProduct(db.sql)
  await putLine(db.sql, user, short, { quantity: 2 })
  await putLine(db.sql, user, archived)
  await putLine(db.sql, user, away)
  await putLine(db.sql, user, soldOut)
  await putLine(db.sql, user, held)
  await putLine(db.sql, user, lapsed)
  await putLine(db.sql, user, own)
  await putLine(db.sql, user, mine, { reserved_until: soon() })
  await db.sql`update products set archived_at = now() where id = ${archived}`
  await db.sql`update shops set is_on_vacation = true where id = (select shop_id from products where id = ${away})`
  await putLine(db.sql, other, held, { reserved_until: soon() })
  await putLine(db.sql, other, lapsed, { reserved_until: past() })
  const gone = { available: false, available_quantity: 0 }
  expect(await lineOf(short)).toMatchObject({
    available: false,
    available_quantity: 1,
    unavailable_reason: 'insufficient_stock',
  })
  expect(await lineOf(archived)).toMatchObject({ ...gone, unavailable_reason: 'archived' })
  expect(await lineOf(away)).toMatchObject({ ...gone, unavailable_reason: 'shop_on_vacation' })
  expect(await lineOf(soldOut)).toMatchObject({ ...gone, unavailable_reason: 'sold_out' })
  expect(await lineOf(held)).toMatchObject({ ...gone, unavailable_reason: 'item_reserved' })
  expect(await lineOf(own)).toMatchObject({ ...gone, unavailable_reason: 'own_item' })
  const there = { available: true, available_quantity: 1, unavailable_reason: null }
  expect(await lineOf(lapsed)).toMatchObject(there)
  expect(await lineOf(mine)).toMatchObject(there)
})

test('totals count only lines that can be ordered, and no shipping of a shop without one', async () => {
  const user = await makeUser(db.sql)
  const [open, closed] = [
    await makeShop(db.sql, { base: '3.00', per_extra_item: '1.00' }),
    await makeShop(db.sql, { base: '9.00' }),
  ]
  const [one, two] = [await makeProduct(db.sql, { shop_id: open }), await makeProduct(db.sql, { shop_id: open })]
  for (const product of [one, two, await makeProduct(db.sql, { shop_id: closed })]) await putLine(db.sql, user, product)
  await db.sql`update products set archived_at = now() where id = ${two}`
  await db.sql`update shops set is_on_vacation = true, vacation_message = 'Back in May.' where id = ${closed}`
  const cart = await cartOf(user)
  expect(cart).toMatchObject({ subtotal: '10.00', shipping: '3.00', total: '13.00' })
  expect(cart.shops[0]).toMatchObject({ subtotal: '10.00', shipping: '3.00', total: '13.00' })
  expect(cart.shops[1]).toMatchObject({
    shop: { is_on_vacation: true, vacation_message: 'Back in May.' },
    subtotal: '0.00',
    discount: '0.00',
    shipping: '0.00',
    tax: '0.00',
    total: '0.00',
  })
  await db.sql`update shops set is_on_vacation = false where id = ${closed}`
  expect((await cartOf(user)).shops[1]).toMatchObject({ shop: { is_on_vacation: false, vacation_message: null } })
})

test('stays readable at the largest amounts', async () => {
  const user = await makeUser(db.sql)
  const product = await makeProduct(db.sql, { price: '99999999.99', quantity: 2_147_483_647 })
  await putLine(db.sql, user, product, { quantity: 999 })
  expect((await cartOf(user)).total).toBe('99899999990.01')
})
