import { expect, test } from 'bun:test'
import { iso31661 } from 'iso-3166'
import { formatAddress } from 'localized-address-format'
import { unique } from '../../test/support/factory.ts'
import { ADDRESS } from '../../test/support/purchase.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

/** Returns whether the address format of a country has a postal code. */
function hasPostalCodes(country: string): boolean {
  return formatAddress({ postalCountry: country, postalCode: 'CODE' }).some((line) => line.includes('CODE'))
}

const fillCart = async () => db.makeBuyer(await db.makeProduct({ quantity: 5 }))

/** Makes an address with parts of any type, which SQL can write. */
const split = (buyer: number, address: object) => db.sql<{ checkout_id: number }[]>`
  select * from checkout_split_orders(${buyer}, ${unique('key')}, ${db.sql.json(address as never)})`

const place = (buyer: number, address: object, key: string) => db.sql<{ step: string }[]>`
  select * from place_checkout(
    ${buyer}, 'buy', ${key}, sha256('x'), 8, ${db.sql.json(address as never)}, 'pm_card_visa', null, 'r')`

test('the table has the countries of ISO 3166-1, as in current packages', async () => {
  const rows = await db.sql`select code, has_postal_codes from countries order by code`
  const expected = iso31661.map(({ alpha2 }) => ({ code: alpha2, has_postal_codes: hasPostalCodes(alpha2) }))
  expect([...rows]).toEqual(expected.toSorted((one, other) => (one.code < other.code ? -1 : 1)))
})

test.each(['Narnia', '🇺🇸', 'XX', 'us', 'USA', '', ' US', 5])('%p is not a country: it is refused', async (country) => {
  const buyer = await fillCart()
  const before = await db.snapshot()
  const address = { ...ADDRESS, country }
  for (const attempt of [split(buyer, address), place(buyer, address, unique('key'))])
    expect(await refusalOf(attempt)).toMatchObject({ code: 'SWINV', detail: { field: 'shipping_address/country' } })
  expect(await db.snapshot()).toEqual(before)
})

test('the address is stored unchanged', async () => {
  const address = { name: 'Mei', line1: '1 Nathan Road', city: 'Kowloon', country: 'HK' }
  const [order] = await split(await fillCart(), address)
  const [kept] = await db.sql`select shipping_address from checkouts where id = ${order?.checkout_id as number}`
  expect(kept?.shipping_address).toEqual(address)
})

test('place_checkout requires a postal code if the country has them', async () => {
  const buyer = await fillCart()
  const { postal_code: _, ...without } = ADDRESS
  for (const address of [without, { ...without, postal_code: null }])
    expect(await refusalOf(place(buyer, address, 'codeless'))).toMatchObject({
      code: 'SWINV',
      detail: { field: 'shipping_address/postal_code' },
    })
  // The key is still free.
  expect(await place(buyer, { ...without, country: 'HK' }, 'codeless')).toMatchObject([{ step: 'charge' }])
})

test('an old order keeps its unknown country', async () => {
  const [order] = await db.splitOrders(await fillCart())
  const id = order.checkout_id
  await db.sql`update checkouts set shipping_address = shipping_address || '{"country": "Narnia"}' where id = ${id}`
  expect(await db.settleCheckout(id, 'paid')).toMatchObject({ status: 'paid' })
})
