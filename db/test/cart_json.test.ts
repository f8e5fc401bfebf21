import { expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const cartOf = (user_id: number) => db.json`select cart_json(${user_id}) as cart`

const NOTHING = { subtotal: '0.00', discount: '0.00', shipping: '0.00', tax: '0.00', total: '0.00' }
const soon = () => new Date(Date.now() + 600_000)
const past = () => new Date(Date.now() - 600_000)

test('cart_json of an empty cart has no shops and costs nothing', async () => {
  expect(await cartOf(await db.makeUser())).toEqual({ shops: [], ...NOTHING, lapsed: [] })
})

test('cart_json groups lines by shop, with shipping and totals to the cent', async () => {
  const user = await db.makeUser()
  const first = await db.makeShop({ name: 'First', base: '3.33', per_extra_item: '0.67' })
  const second = await db.makeShop({ name: 'Second', base: '1', per_extra_item: '0.5' })
  const mug = await db.makeProduct({ shop_id: first, title: 'Mug', price: '24.50', quantity: 9 })
  const bowl = await db.makeProduct({ shop_id: second, title: 'Bowl', price: '0.01', quantity: 9 })
  const vase = await db.makeProduct({ shop_id: first, title: 'Vase', price: '10.00', quantity: 9 })
  await db.putLine(user, vase, { quantity: 2 })
  await db.putLine(user, bowl, { quantity: 3 })
  await db.putLine(user, mug)
  const open = { is_on_vacation: false, vacation_message: null }
  const line = {
    line_id: expect.any(Number),
    variant_id: null,
    option_values: [],
    sku: null,
    personalization: null,
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
        ...NOTHING,
        ...{ subtotal: '44.50', shipping: '4.67', total: '49.17' },
        ...{ upgrades: [], delivery: null },
      },
      {
        shop: { id: second, name: 'Second', rating: null, ...open },
        items: [{ product_id: bowl, title: 'Bowl', quantity: 3, unit_price: '0.01', ...line }],
        ...NOTHING,
        ...{ subtotal: '0.03', shipping: '2.00', total: '2.03' },
        ...{ upgrades: [], delivery: null },
      },
    ],
    ...NOTHING,
    ...{ subtotal: '44.53', shipping: '6.67', total: '51.20' },
    lapsed: [],
  })
})

test('cart_json shows the current price and the end of a hold', async () => {
  const [user, product] = [await db.makeUser(), await db.makeProduct({ price: '5.00' })]
  const held = await db.reserve(user, product)
  await db.sql`update products set price = 6 where id = ${product}`
  expect((await cartOf(user)).shops[0].items[0]).toMatchObject({
    unit_price: '6.00',
    price_when_added: '5.00',
    price_changed: { from: '5.00', to: '6.00' },
    reserved_until: held.reserved_until?.toISOString(),
    available: true,
  })
})

test('cart_json marks the lines that cannot be ordered now', async () => {
  const [user, other] = await db.makeUsers(2)
  const [short, held, lapsed, mine] = await db.makeProducts(4)
  const [away, archived] = await db.makeProducts(2, { quantity: 5 })
  const soldOut = await db.makeProduct({ quantity: 0 })
  const own = await db.makeProduct({ shop_id: await db.makeShop({ owner_id: user }) })
  await db.putLine(user, short, { quantity: 2 })
  for (const product of [archived, away, soldOut, held, lapsed, own]) await db.putLine(user, product)
  await db.putLine(user, mine, { reserved_until: soon() })
  await db.sql`update products set archived_at = now() where id = ${archived}`
  await db.sql`update shops set is_on_vacation = true where id = (select shop_id from products where id = ${away})`
  await db.putLine(other, held, { reserved_until: soon() })
  await db.putLine(other, lapsed, { reserved_until: past() })
  const items: Record<string, unknown>[] = (await cartOf(user)).shops.flatMap((shop: { items: unknown[] }) => shop.items)
  const lines = items.map((item) => [item.product_id, [item.available, item.available_quantity, item.unavailable_reason]])
  expect(new Map(lines as [number, unknown][])).toEqual(
    new Map<number, unknown>([
      [short, [false, 1, 'insufficient_stock']],
      [archived, [false, 0, 'archived']],
      [away, [false, 0, 'shop_on_vacation']],
      [soldOut, [false, 0, 'sold_out']],
      [held, [false, 0, 'item_reserved']],
      [own, [false, 0, 'own_item']],
      [lapsed, [true, 1, null]],
      [mine, [true, 1, null]],
    ]),
  )
})

test('totals of cart_json count only lines that can be ordered, and no shipping of a shop without one', async () => {
  const user = await db.makeUser()
  const [open, closed] = [await db.makeShop({ base: '3.00', per_extra_item: '1.00' }), await db.makeShop({ base: '9.00' })]
  const [one, two] = [await db.makeProduct({ shop_id: open }), await db.makeProduct({ shop_id: open })]
  for (const product of [one, two, await db.makeProduct({ shop_id: closed })]) await db.putLine(user, product)
  await db.sql`update products set archived_at = now() where id = ${two}`
  await db.sql`update shops set is_on_vacation = true, vacation_message = 'Back in May.' where id = ${closed}`
  const cart = await cartOf(user)
  expect(cart).toMatchObject({ subtotal: '10.00', shipping: '3.00', total: '13.00' })
  expect(cart.shops[0]).toMatchObject({ subtotal: '10.00', shipping: '3.00', total: '13.00' })
  expect(cart.shops[1]).toMatchObject({
    shop: { is_on_vacation: true, vacation_message: 'Back in May.' },
    ...NOTHING,
  })
  await db.sql`update shops set is_on_vacation = false where id = ${closed}`
  expect((await cartOf(user)).shops[1]).toMatchObject({ shop: { is_on_vacation: false, vacation_message: null } })
})

test('cart_json stays readable at the largest amounts', async () => {
  const user = await db.makeUser()
  const product = await db.makeProduct({ price: '99999999.99', quantity: 2_147_483_647 })
  await db.putLine(user, product, { quantity: 999 })
  expect((await cartOf(user)).total).toBe('99899999990.01')
})
