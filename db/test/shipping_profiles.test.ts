import { describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Rate = { to: string; base: string; per_extra_item: string; days_min?: number | null; days_max?: number | null }
type Upgrade = { id?: number; name: string; to: string; price: string; per_extra_item: string }
type Profile = {
  id: number
  shop_id: number
  name: string
  origin_country: string | null
  is_default: boolean
  rates: Rate[]
  upgrades: (Upgrade & { id: number })[]
}

const WORLD: Rate = { to: 'world', base: '9', per_extra_item: '2' }
const EXPRESS: Upgrade = { name: 'Express', to: 'world', price: '8', per_extra_item: '1' }

/** Makes a shop that asks $4.50 and $1 for each further unit. */
async function makeShop() {
  const owner = await db.makeUser()
  const shop = await db.makeShop({ owner_id: owner, base: '4.5', per_extra_item: '1' })
  return { owner, shop }
}
const add = async (shop: number, owner: number, profile: object) => {
  const json = db.sql.json({ name: 'Big', rates: [WORLD], ...profile } as never)
  const [row] = await db.sql`select body from add_shipping_profile(${shop}, ${owner}, ${json})`
  return JSON.parse(row?.body) as Profile
}
const change = async (id: number, owner: number, changes: object) => {
  const [row] = await db.sql`select body from change_shipping_profile(${id}, ${owner}, ${db.sql.json(changes as never)})`
  return JSON.parse(row?.body) as Profile
}
const remove = (id: number, owner: number) => db.rows`select remove_shipping_profile(${id}, ${owner})`
const list = async (shop: number) =>
  (await db.rows<{ item: string }>`select item from list_shipping_profiles(${shop}, null, 100)`).map(
    ({ item }) => JSON.parse(item) as Profile,
  )
const destinationsOf = (product: number) =>
  db.value<string[]>`select listing_destinations(p) from products p where p.id = ${product}`
const use = (product: number, owner: number, profile: number | null) =>
  db.rows`select body from update_product(${product}, ${owner}, ${db.sql.json({ shipping_profile_id: profile })})`

test('a shop has a default profile, which is its shipping', async () => {
  const { owner, shop } = await makeShop()
  const [standard] = (await list(shop)) as [Profile]
  expect(standard).toEqual({
    id: standard.id,
    shop_id: shop,
    name: 'Standard',
    origin_country: null,
    is_default: true,
    rates: [{ to: 'world', base: '4.50', per_extra_item: '1.00', days_min: null, days_max: null }],
    upgrades: [],
  })
  expect(await list(shop)).toEqual([standard])
  const shipping = { base: '6', per_extra_item: '2' }
  await db.rows`select body from update_shop(${shop}, ${owner}, ${db.sql.json({ shipping })})`
  expect((await list(shop))[0]?.rates).toMatchObject([{ to: 'world', base: '6.00', per_extra_item: '2.00' }])
  const rates = [
    { ...WORLD, days_min: 3, days_max: 9 },
    { to: 'eu', base: '7', per_extra_item: '0' },
  ]
  expect(await change(standard.id, owner, { rates, origin_country: 'DE' })).toMatchObject({
    name: 'Standard',
    origin_country: 'DE',
    rates: [
      { to: 'eu', base: '7.00', per_extra_item: '0.00', days_min: null },
      { to: 'world', base: '9.00', per_extra_item: '2.00', days_min: 3, days_max: 9 },
    ],
  })
  const body = await db.json`select shop_json(s) from shops s where s.id = ${shop}`
  expect(body.shipping).toMatchObject({ base: '9.00', per_extra_item: '2.00', processing_days_max: expect.any(Number) })
})

test('the default profile and its rate to the world stay', async () => {
  const { owner, shop } = await makeShop()
  const [standard] = (await list(shop)) as [Profile]
  const rates = [{ ...WORLD, to: 'DE' }]
  expect((await refusalOf(change(standard.id, owner, { rates }))).code).toBe('SWWLD')
  expect((await refusalOf(remove(standard.id, owner))).code).toBe('SWWLD')
  expect(await list(shop)).toEqual([standard])
  const other = await add(shop, owner, { rates })
  await remove(other.id, owner)
  expect(await list(shop)).toEqual([standard])
})

test('reading profiles writes nothing; the first changes of the default at once make one row', async () => {
  const { owner, shop } = await makeShop()
  const before = await db.snapshot()
  const [standard] = (await list(shop)) as [Profile]
  expect(await db.snapshot()).toEqual(before)
  const other = await add(shop, owner, {})
  expect((await list(shop)).map(({ id }) => id)).toEqual([standard.id, other.id])
  const named = db.sql.json({ name: 'Parcels' })
  await db.race(8, ({ sql }) => sql`select body from change_shipping_profile(${standard.id}, ${owner}, ${named})`)
  expect(await list(shop)).toEqual([{ ...standard, name: 'Parcels' }, other])
  expect(await db.value`select count(*)::integer from shipping_profiles where shop_id = ${shop} and is_default`).toBe(1)
})

describe('a removal at once with a call that gives the profile to a listing', () => {
  const start = async () => {
    const { owner, shop } = await makeShop()
    const product = await db.makeProduct({ shop_id: shop })
    const { id } = await add(shop, owner, { rates: [{ ...WORLD, to: 'DE' }] })
    const changes = db.sql.json({ shipping_profile_id: id, sku: 'A' })
    return {
      product,
      id,
      remove: (sql: typeof db.sql) => sql`select remove_shipping_profile(${id}, ${owner})`,
      give: (sql: typeof db.sql) => sql`select body from update_product(${product}, ${owner}, ${changes})`,
    }
  }

  test('refuses the listing with its field after the removal', async () => {
    const { remove: removing, give } = await start()
    const refusal = await refusalOf(db.interleave(removing, give))
    expect(refusal).toMatchObject({ code: 'SWINV', detail: { field: 'shipping_profile_id' } })
  })

  test('removes the profile from the listing before the removal', async () => {
    const { remove: removing, give, product } = await start()
    await db.interleave(give, removing)
    expect(await db.value`select shipping_profile_id from products where id = ${product}`).toBeNull()
    expect(await destinationsOf(product)).toEqual(['world'])
  })
})

test('an upgrade keeps its id unless it gets dearer', async () => {
  const { owner, shop } = await makeShop()
  const { id, upgrades } = await add(shop, owner, { upgrades: [EXPRESS, { ...EXPRESS, name: 'Courier' }] })
  const [courier, express] = upgrades as [Upgrade & { id: number }, Upgrade & { id: number }]
  const put = async (changed: object[]) => (await change(id, owner, { upgrades: changed })).upgrades
  expect(await put([EXPRESS, courier])).toEqual(upgrades)
  expect(await put([{ ...EXPRESS, price: '7' }, courier])).toMatchObject([courier, { id: express.id, price: '7.00' }])
  // The two swap their names.
  const swapped = [
    { ...express, name: 'Courier', price: '7' },
    { ...courier, name: 'Express' },
  ]
  expect((await put(swapped)).map((upgrade) => upgrade.id)).toEqual([express.id, courier.id])
  const raised = await put([
    { ...express, name: 'Courier', price: '7.01' },
    { ...courier, name: 'Express', per_extra_item: '1.01' },
  ])
  expect(raised.map((upgrade) => upgrade.id)).not.toContain(express.id)
  expect(raised.map((upgrade) => upgrade.id)).not.toContain(courier.id)
  expect((await refusalOf(put([{ ...EXPRESS, id: express.id }]))).detail).toEqual({ field: 'upgrades/0/id' })
  expect(await put([])).toEqual([])
})

test('wrong fields are named, and nothing changes', async () => {
  const { owner, shop } = await makeShop()
  await list(shop)
  const before = await db.snapshot()
  const field = async (profile: object) => {
    const { code, detail } = await refusalOf(add(shop, owner, profile))
    return [code, detail.field]
  }
  expect(await field({ origin_country: 'XX' })).toEqual(['SWINV', 'origin_country'])
  expect(await field({ rates: [WORLD, { ...WORLD, to: 'XX' }] })).toEqual(['SWINV', 'rates/1/to'])
  expect(await field({ rates: [WORLD, WORLD] })).toEqual(['SWINV', 'rates/1/to'])
  expect(await field({ rates: [{ ...WORLD, days_min: 5, days_max: 4 }] })).toEqual(['SWINV', 'rates/0/days_max'])
  expect(await field({ rates: [{ ...WORLD, days_max: 4 }] })).toEqual(['SWINV', 'rates/0/days_max'])
  expect(await field({ upgrades: [{ ...EXPRESS, to: 'XX' }] })).toEqual(['SWINV', 'upgrades/0/to'])
  expect(await field({ upgrades: [EXPRESS, EXPRESS] })).toEqual(['SWINV', 'upgrades/1/name'])
  expect(await db.snapshot()).toEqual(before)
})

test('only the owner changes profiles, and only of own shops', async () => {
  const { owner, shop } = await makeShop()
  const { id } = await add(shop, owner, {})
  const stranger = await db.makeUser()
  expect((await refusalOf(add(shop, stranger, {}))).code).toBe('SWOWN')
  expect((await refusalOf(change(id, stranger, { name: 'Mine' }))).code).toBe('SWOWN')
  expect((await refusalOf(remove(id, stranger))).code).toBe('SWOWN')
  const calls = [() => list(0), () => add(0, owner, {}), () => change(0, owner, { name: 'None' }), () => remove(0, owner)]
  for (const call of calls) expect((await refusalOf(call())).code).toBe('SWNTF')
})

test('a shop has at most 100 profiles', async () => {
  const { owner, shop } = await makeShop()
  for (let profile = 1; profile < 100; profile++) await add(shop, owner, {})
  expect(await refusalOf(add(shop, owner, {}))).toMatchObject({ code: 'SWQTA', detail: { limit: 100 } })
})

test('a listing has a profile of its shop, and the default after its profile is gone', async () => {
  const { owner, shop } = await makeShop()
  const other = await makeShop()
  const product = await db.makeProduct({ shop_id: shop })
  const { id } = await add(shop, owner, {
    rates: [
      { ...WORLD, to: 'DE' },
      { ...WORLD, to: 'eu' },
    ],
  })
  const foreign = await add(other.shop, other.owner, {})
  expect((await refusalOf(use(product, owner, foreign.id))).detail).toEqual({ field: 'shipping_profile_id' })
  expect(await destinationsOf(product)).toEqual(['world'])
  await use(product, owner, id)
  expect(await destinationsOf(product)).toEqual(['DE', 'eu'])
  await remove(id, owner)
  expect(await db.value`select shipping_profile_id from products where id = ${product}`).toBeNull()
  expect(await destinationsOf(product)).toEqual(['world'])
})

test('search reads listings again when their destinations change, and only then', async () => {
  const { owner, shop } = await makeShop()
  const [standard] = (await list(shop)) as [Profile]
  const product = await db.makeProduct({ shop_id: shop })
  const noted = async (changes: object) => {
    await db.rows`delete from changes`
    await change(standard.id, owner, changes)
    return db.value<boolean>`select exists (select from changes where ${product} = any (product_ids))`
  }
  expect(await noted({ rates: [WORLD, { ...WORLD, to: 'US' }] })).toBe(true)
  expect(
    await noted({
      rates: [
        { ...WORLD, base: '1' },
        { ...WORLD, to: 'US', base: '1' },
      ],
    }),
  ).toBe(false)
  expect(await noted({ name: 'Parcels', upgrades: [EXPRESS] })).toBe(false)
  expect(await destinationsOf(product)).toEqual(['US', 'world'])
  expect(await noted({ rates: [WORLD] })).toBe(true)
})

test('two upgrades never get one id', async () => {
  const { owner, shop } = await makeShop()
  const { id, upgrades } = await add(shop, owner, { upgrades: [EXPRESS] })
  const old = upgrades[0]?.id as number
  const put = (...listed: object[]) => change(id, owner, { upgrades: listed })
  const twice = { ...EXPRESS, id: old }
  expect(await refusalOf(put(twice, { ...twice, name: 'Courier' }))).toMatchObject({
    code: 'SWINV',
    detail: { field: 'upgrades/1/id' },
  })
  // The renamed upgrade keeps the id, so the one with its old name is new.
  const renamed = await put({ ...twice, name: 'Courier' }, EXPRESS)
  expect(renamed.upgrades).toMatchObject([{ id: old, name: 'Courier' }, { name: 'Express' }])
  expect(renamed.upgrades[1]?.id).not.toBe(old)
})
