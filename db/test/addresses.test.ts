import { expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { openRivals, race } from '../../test/support/races.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const HOME = { name: 'Ann Lee', line1: '1 Mill Lane', city: 'Portland', region: 'OR', postal_code: '97201', country: 'US' }
type Address = typeof HOME & { id: number; is_default: boolean }

const add = async (user: number, address: object = HOME) => {
  const [row] = await db.sql`select body from add_address(${user}, ${db.sql.json(address as never)})`
  return JSON.parse(row?.body) as Address
}
const change = async (id: number, user: number, changes: object) => {
  const [row] = await db.sql`select body from change_address(${id}, ${user}, ${db.sql.json(changes as never)})`
  return JSON.parse(row?.body) as Address
}
const remove = (id: number, user: number) => db.rows`select remove_address(${id}, ${user})`
const defaultsOf = async (user: number) =>
  (await db.rows<{ id: number }>`select id from addresses where user_id = ${user} and is_default`).map((row) => row.id)

test('the first address is the default; a later default takes its place; the newest one follows a removed default', async () => {
  const user = await db.makeUser()
  const [first, second] = [await add(user), await add(user, { ...HOME, is_default: false })]
  expect([first.is_default, second.is_default]).toEqual([true, false])
  const third = await add(user, { ...HOME, is_default: true })
  expect(await defaultsOf(user)).toEqual([third.id])
  expect(await change(first.id, user, { is_default: true })).toMatchObject({ id: first.id, is_default: true })
  expect(await defaultsOf(user)).toEqual([first.id])
  await remove(first.id, user)
  expect(await defaultsOf(user)).toEqual([third.id])
  await remove(second.id, user)
  expect(await defaultsOf(user)).toEqual([third.id])
})

test('a change keeps the other fields, and clears a field with null', async () => {
  const user = await db.makeUser()
  const { id } = await add(user, { ...HOME, line2: 'Back door' })
  expect(await change(id, user, { city: 'Salem', line2: null, region: null })).toMatchObject({
    ...HOME,
    city: 'Salem',
    line2: null,
    region: null,
  })
})

test('a wrong country or a missing postal code names the field, and a default cannot be unset', async () => {
  const user = await db.makeUser()
  const { id } = await add(user)
  const before = await db.snapshot()
  const { postal_code: _, ...codeless } = HOME
  const refused = async (call: Promise<unknown>) => (await refusalOf(call)).detail.field
  expect(await refused(add(user, { ...HOME, country: 'XX' }))).toBe('country')
  expect(await refused(add(user, codeless))).toBe('postal_code')
  expect(await refused(change(id, user, { country: 'XX' }))).toBe('country')
  expect(await refused(change(id, user, { postal_code: null }))).toBe('postal_code')
  expect(await refused(change(id, user, { is_default: false }))).toBe('is_default')
  expect(await db.snapshot()).toEqual(before)
  expect(await change(id, user, { country: 'HK', postal_code: null })).toMatchObject({ country: 'HK', postal_code: null })
})

test('the address of another person is not found, like a missing one', async () => {
  const [owner, other] = await db.makeUsers(2)
  const { id } = await add(owner)
  const refusal = await refusalOf(remove(999_999, other))
  expect(refusal).toMatchObject({ code: 'SWNTF', message: 'There is no such address.' })
  expect(await refusalOf(remove(id, other))).toEqual(refusal)
  expect(await refusalOf(change(id, other, { city: 'Salem' }))).toEqual(refusal)
})

test('20 first addresses at once make one default, and the quota counts each', async () => {
  const user = await db.makeUser()
  await db.sql`select set_quota(${user}, 'addresses', 15)`
  const rivals = await openRivals(db.url, 20)
  const address = db.sql.json({ ...HOME, is_default: true })
  const outcomes = await race(rivals, ({ sql }) => outcomeOf(sql`select add_address(${user}, ${address}, 1)`))
  await rivals.close()
  expect(outcomes.toSorted()).toEqual([...Array(5).fill('SWQTA'), ...Array(15).fill('done')])
  expect(await defaultsOf(user)).toHaveLength(1)
})

test('a checkout copies an address of the address book; a retry after its removal gets the first response', async () => {
  const [user, key] = [await db.makeBuyer(await db.makeProduct()), unique('key')]
  const { id } = await add(user, { ...HOME, line2: null })
  const place = (address_id: number | null, address: object | null = null) => db.rows<{ step: string; checkout_id: number }>`
    select step, checkout_id from place_checkout(
      ${user}, 'buy', ${key}, sha256('x'), 8, ${address && db.sql.json(address as never)}, 'pm_card_visa', null, 'r',
      shipping_address_id => ${address_id})`
  const stranger = await add(await db.makeUser())
  const refused = async (call: Promise<unknown>) => (await refusalOf(call)).detail.field
  expect(await refused(place(null))).toBe('shipping_address')
  expect(await refused(place(id, HOME))).toBe('shipping_address_id')
  expect(await refused(place(stranger.id))).toBe('shipping_address_id')
  const [placed] = await place(id)
  const checkout_id = placed?.checkout_id as number
  expect(await db.value<object>`select shipping_address from checkouts where id = ${checkout_id}`).toEqual(HOME)
  expect(await db.value<string>`select ship_to_country from orders where checkout_id = ${checkout_id}`).toBe('US')
  await db.settleCheckout(checkout_id, 'paid')
  await remove(id, user)
  expect(await place(id)).toMatchObject([{ step: 'replay', checkout_id }])
})

test('an order whose address has a country alone, or no address part, can be read', async () => {
  const { order_id, checkout_id } = await db.makeSale()
  const shown = () => db.json`select order_json(o) from orders o where o.id = ${order_id}`
  await db.sql`update checkouts set shipping_address = '{"country": "US"}' where id = ${checkout_id}`
  expect(await shown()).toMatchObject({ shipping_address: { country: 'US' } })
  await db.sql`update checkouts set shipping_address = '{"country": null}' where id = ${checkout_id}`
  expect(await shown()).toMatchObject({ shipping_address: { country: null } })
})
