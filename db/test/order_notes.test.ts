import { expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

/** Makes a buyer whose cart has an item of each of two shops. */
async function cartOfTwoShops() {
  const shops = [await db.makeShop(), await db.makeShop()] as const
  const products = [await db.makeProduct({ shop_id: shops[0] }), await db.makeProduct({ shop_id: shops[1] })]
  return { buyer: await db.makeBuyer(...products), shops }
}

const ordersOf = (checkout_id: number | null, shows_address: boolean) => db.rows`
  select j ->> 'note' as note, (j ->> 'is_gift')::boolean as is_gift, j ->> 'gift_message' as gift_message
  from orders o cross join order_json(o, ${shows_address}) j where o.checkout_id = ${checkout_id} order by o.shop_id`

test('each note is written to the order of its shop; who sees no address sees no text; no event has it', async () => {
  const { buyer, shops } = await cartOfTwoShops()
  const notes = [{ shop_id: shops[1], note: 'Ring twice', is_gift: true, gift_message: 'For Ann' }]
  const { checkout_id } = await db.placeCheckout(buyer, { notes })
  const none = { note: null, is_gift: false, gift_message: null }
  expect(await ordersOf(checkout_id, true)).toEqual([none, { note: 'Ring twice', is_gift: true, gift_message: 'For Ann' }])
  expect(await ordersOf(checkout_id, false)).toEqual([none, { ...none, is_gift: true }])
  const events = await db.value<string>`
    select json_agg(e)::text from order_events e join orders o on o.id = e.order_id where o.checkout_id = ${checkout_id}`
  expect(events).not.toMatch(/Ring twice|For Ann/)
  const trails = await db.rows`
    select replay_order(o.id) = order_facts(o) as is_rebuilt from orders o where o.checkout_id = ${checkout_id}`
  expect(trails).toEqual([{ is_rebuilt: true }, { is_rebuilt: true }])
})

test('a gift message makes a gift unless is_gift says otherwise', async () => {
  const { buyer, shops } = await cartOfTwoShops()
  const notes = [
    { shop_id: shops[0], gift_message: 'For Ann' },
    { shop_id: shops[1], is_gift: false, gift_message: 'For Bo' },
  ]
  const { checkout_id } = await db.placeCheckout(buyer, { notes })
  expect(await ordersOf(checkout_id, true)).toEqual([
    { note: null, is_gift: true, gift_message: 'For Ann' },
    { note: null, is_gift: false, gift_message: 'For Bo' },
  ])
})

test('checkout_split_orders takes notes too', async () => {
  const { buyer, shops } = await cartOfTwoShops()
  const notes = db.sql.json([{ shop_id: shops[0], note: 'Hello' }])
  const [row] = await db.sql`
    select checkout_id from checkout_split_orders(${buyer}, ${unique('key')}, '{"country": "US"}', notes => ${notes})`
  expect(await ordersOf(row?.checkout_id, true)).toMatchObject([{ note: 'Hello' }, { note: null }])
})

test('a note for a shop that is not in the cart, or that comes twice, is refused; the key stays free', async () => {
  const { buyer, shops } = await cartOfTwoShops()
  const other = await db.makeShop()
  const key = unique('key')
  const place = (...ids: number[]) => db.placeCheckout(buyer, { key, notes: ids.map((shop_id) => ({ shop_id, note: 'Hello' })) })
  const before = await db.snapshot()
  expect(await refusalOf(place(shops[0], other))).toMatchObject({
    code: 'SWINV',
    message: `The cart has no item of shop ${other}.`,
    detail: { field: 'notes/1/shop_id' },
  })
  expect(await refusalOf(place(shops[0], shops[1], shops[0]))).toMatchObject({
    code: 'SWINV',
    message: `Shop ${shops[0]} comes twice.`,
    detail: { field: 'notes/2/shop_id' },
  })
  expect(await db.snapshot()).toEqual(before)
  expect(await place(shops[0])).toMatchObject({ step: 'charge' })
})
