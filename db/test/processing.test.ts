import { describe, expect, test } from 'bun:test'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const PROFILE = { name: 'To order', readiness: 'made_to_order', days_min: 5, days_max: 10 }
const json = (value: unknown) => db.sql.json(value as never)

async function makeShop() {
  const owner_id = await db.makeUser()
  return { owner_id, shop_id: await db.makeShop({ owner_id }) }
}
type Owned = Awaited<ReturnType<typeof makeShop>>

const add = ({ shop_id, owner_id }: Owned, changes: object = {}) => db.json`
  select body from add_processing_profile(${shop_id}, ${owner_id}, ${json({ ...PROFILE, ...changes })})`
const change = (id: number, user_id: number, changes: object) => db.json`
  select body from change_processing_profile(${id}, ${user_id}, ${json(changes)})`
const remove = (id: number, user_id: number) => db.sql`select remove_processing_profile(${id}, ${user_id})`
const updateProduct = (id: number, user_id: number, changes: object) => db.json`
  select body from update_product(${id}, ${user_id}, ${json(changes)})`
const updateShop = ({ shop_id, owner_id }: Owned, changes: object) => db.json`
  select body from update_shop(${shop_id}, ${owner_id}, ${json(changes)})`

describe('processing profiles', () => {
  test('belong to the owner of the shop', async () => {
    const shop = await makeShop()
    const profile = await add(shop)
    expect(profile).toMatchObject({ ...PROFILE, shop_id: shop.shop_id })
    const stranger = await db.makeUser()
    expect(await refusalOf(add({ ...shop, owner_id: stranger }))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(change(profile.id, stranger, { days_max: 20 }))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(remove(profile.id, stranger))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(remove(999_999, stranger))).toMatchObject({ code: 'SWNTF' })
  })

  test('have days in their order', async () => {
    const shop = await makeShop()
    const field = { code: 'SWINV', detail: { field: 'days_max' } }
    expect(await refusalOf(add(shop, { days_max: 4 }))).toMatchObject(field)
    const { id } = await add(shop)
    expect(await refusalOf(change(id, shop.owner_id, { days_min: 11 }))).toMatchObject(field)
    expect(await change(id, shop.owner_id, { days_min: 10 })).toMatchObject({ days_min: 10, days_max: 10, name: 'To order' })
  })

  test('are at most 50 a shop', async () => {
    const shop = await makeShop()
    await db.sql`
      insert into processing_profiles (shop_id, name, readiness, days_min, days_max)
      select ${shop.shop_id}, 'Many', 'ready_to_ship', 1, 2 from generate_series(1, 50)`
    expect(await refusalOf(add(shop))).toMatchObject({ code: 'SWQTA', detail: { quota: 'processing_profiles', limit: 50 } })
  })

  test('show their days on a listing, and a listing without one the days of its shop', async () => {
    const shop = await makeShop()
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    const { id } = await add(shop)
    const { readiness, days_min, days_max } = PROFILE
    expect(await updateProduct(product, shop.owner_id, { processing_profile_id: id })).toMatchObject({
      processing_profile_id: id,
      processing: { readiness, days_min, days_max },
    })
    await updateShop(shop, { shipping: { processing_days_min: 2, processing_days_max: 4 } })
    expect(await updateProduct(product, shop.owner_id, { processing_profile_id: null })).toMatchObject({
      processing_profile_id: null,
      processing: { readiness: 'ready_to_ship', days_min: 2, days_max: 4 },
    })
  })

  test('of another shop go with no listing', async () => {
    const [shop, other] = [await makeShop(), await makeShop()]
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    const { id } = await add(other)
    expect(await refusalOf(updateProduct(product, shop.owner_id, { processing_profile_id: id }))).toMatchObject({
      code: 'SWINV',
      detail: { field: 'processing_profile_id' },
    })
    const byHand = db.sql`update products set processing_profile_id = ${id} where id = ${product}`
    expect(await refusalOf(byHand)).toMatchObject({ constraint: 'products_processing_profile_id_shop_id_fkey' })
  })

  test('that are made to order go with nothing vintage, whichever comes first', async () => {
    const shop = await makeShop()
    const [made, ready] = [await add(shop), await add(shop, { readiness: 'ready_to_ship' })]
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    await updateProduct(product, shop.owner_id, { processing_profile_id: made.id })
    const refused = { code: 'SWINV', detail: { field: 'processing_profile_id' } }
    expect(await refusalOf(updateProduct(product, shop.owner_id, { is_vintage: true }))).toMatchObject({
      ...refused,
      detail: { field: 'is_vintage' },
    })
    await updateProduct(product, shop.owner_id, { is_vintage: true, processing_profile_id: ready.id })
    expect(await refusalOf(updateProduct(product, shop.owner_id, { processing_profile_id: made.id }))).toMatchObject(refused)
    expect(await refusalOf(change(ready.id, shop.owner_id, { readiness: 'made_to_order' }))).toMatchObject({
      code: 'SWINV',
      detail: { field: 'readiness' },
    })
  })

  test('that are made to order go with no variant of a listing that becomes vintage', async () => {
    const shop = await makeShop()
    const [made, ready] = [await add(shop), await add(shop, { readiness: 'ready_to_ship' })]
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    await db.makeVariants(product, [{ option_values: ['S'] }])
    await db.sql`update variants set processing_profile_id = ${made.id} where product_id = ${product}`
    const changes = { is_vintage: true, processing_profile_id: ready.id }
    const refused = { code: 'SWINV', detail: { field: 'is_vintage' } }
    expect(await refusalOf(updateProduct(product, shop.owner_id, changes))).toMatchObject(refused)
  })

  test('a profile that becomes made to order waits for a listing that becomes vintage', async () => {
    const shop = await makeShop()
    const { id } = await add(shop, { readiness: 'ready_to_ship' })
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    await updateProduct(product, shop.owner_id, { processing_profile_id: id })
    const refused = await db.interleave(
      (sql) => sql`select * from update_product(${product}, ${shop.owner_id}, '{"is_vintage": true}')`,
      (sql) => refusalOf(sql`select * from change_processing_profile(${id}, ${shop.owner_id}, '{"readiness": "made_to_order"}')`),
    )
    expect(refused).toMatchObject({ code: 'SWINV', detail: { field: 'readiness' } })
  })

  test('stay while a listing, an archived one too, or a variant uses them', async () => {
    const shop = await makeShop()
    const [used, chosen, free] = [await add(shop), await add(shop), await add(shop)]
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    await updateProduct(product, shop.owner_id, { processing_profile_id: used.id })
    await db.sql`select archive_product(${product}, ${shop.owner_id})`
    const varied = await db.makeProduct({ shop_id: shop.shop_id })
    await db.sql`insert into product_options (product_id, position, name, option_values) values (${varied}, 1, 'Size', '{S}')`
    await db.sql`
      insert into variants (product_id, shop_id, option_values, processing_profile_id)
      values (${varied}, ${shop.shop_id}, '{S}', ${chosen.id})`
    const inUse = (id: number) => ({ code: 'SWUSE', detail: { product_ids: [id] } })
    expect(await refusalOf(remove(used.id, shop.owner_id))).toMatchObject(inUse(product))
    expect(await refusalOf(remove(chosen.id, shop.owner_id))).toMatchObject(inUse(varied))
    await db.sql`update variants set archived_at = now() where product_id = ${varied}`
    await remove(chosen.id, shop.owner_id)
    await remove(free.id, shop.owner_id)
    expect(await db.value<number>`select count(*)::int from processing_profiles where shop_id = ${shop.shop_id}`).toBe(1)
  })

  test('that only archived variants have go without a lock or a new version of their listing', async () => {
    const shop = await makeShop()
    const { id } = await add(shop)
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    await db.makeVariants(product, [{ option_values: ['S'] }, { option_values: ['M'] }])
    await db.sql`update variants set processing_profile_id = ${id}, archived_at = now() where product_id = ${product} and option_values = '{M}'`
    const version = () => db.value<string>`select row_version(xmin, updated_at) from products where id = ${product}`
    const before = await version()
    const outcome = await db.sql.begin(async (selling) => {
      await selling`select lock_own_product(${product}, ${shop.owner_id})`
      return db.sql.begin(async (removing) => {
        await removing`set local lock_timeout = '1s'`
        return outcomeOf(removing`select remove_processing_profile(${id}, ${shop.owner_id})`)
      })
    })
    expect(outcome).toBe('done')
    expect(await version()).toBe(before)
    expect(await db.value`select count(*)::int from processing_profiles where id = ${id}`).toBe(0)
  })

  test('make the pages of their listings stale when their days change, and not when their name does', async () => {
    const shop = await makeShop()
    const { id } = await add(shop)
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    await updateProduct(product, shop.owner_id, { processing_profile_id: id })
    const staleAfter = async (changes: object) => {
      await db.sql`delete from changes`
      await change(id, shop.owner_id, changes)
      return db.value<string[] | null>`select keys from changes`
    }
    expect(await staleAfter({ days_max: 12 })).toEqual([`shop:${shop.shop_id}:products`, `product:${product}`])
    expect(await staleAfter({ name: 'Slow' })).toBeNull()
  })
})

test('changed processing days of a shop make the pages of its listings stale', async () => {
  const shop = await makeShop()
  const product = await db.makeProduct({ shop_id: shop.shop_id })
  await db.sql`delete from changes`
  await updateShop(shop, { shipping: { processing_days_max: 9 } })
  expect(await db.value<string[]>`select keys from changes`).toContain(`product:${product}`)
})

test('materials are words of the seller', async () => {
  const shop = await makeShop()
  const product = await db.makeProduct({ shop_id: shop.shop_id })
  expect(await updateProduct(product, shop.owner_id, { materials: ['clay', 'tin glaze'] })).toMatchObject({
    materials: ['clay', 'tin glaze'],
  })
  expect(await updateProduct(product, shop.owner_id, { title: 'Bowl' })).toMatchObject({ materials: ['clay', 'tin glaze'] })
})

// 2026-11-27 is a Friday.
const cases: [string, string, number, number[], string | null, string | null, string][] = [
  ['every day counts without days off', '2026-11-27', 3, [], null, null, '2026-11-30'],
  ['none is the day itself', '2026-11-27', 0, [], null, null, '2026-11-27'],
  ['a weekend is skipped', '2026-11-27', 3, [6, 7], null, null, '2026-12-02'],
  ['none on a day off is the next working day', '2026-11-28', 0, [6, 7], null, null, '2026-11-30'],
  ['paid on a day off', '2026-11-28', 1, [6, 7], null, null, '2026-11-30'],
  ['two weekends', '2026-11-27', 6, [6, 7], null, null, '2026-12-07'],
  ['one working day a week', '2026-11-27', 3, [1, 2, 3, 4, 6, 7], null, null, '2026-12-18'],
  ['a vacation across', '2026-11-27', 3, [], '2026-11-29', '2026-12-05', '2026-12-07'],
  ['a vacation across, and weekends', '2026-11-27', 3, [6, 7], '2026-11-30', '2026-12-04', '2026-12-09'],
  ['a vacation that begins on the last day', '2026-11-27', 3, [], '2026-11-30', '2026-12-01', '2026-12-02'],
  ['a vacation that begins a day later', '2026-11-27', 3, [], '2026-12-01', '2026-12-31', '2026-11-30'],
  ['a vacation that has ended', '2026-11-27', 3, [], '2026-11-01', '2026-11-26', '2026-11-30'],
  [
    'a year, one working day a week, and a vacation of two years',
    '2026-01-01',
    365,
    [2, 3, 4, 5, 6, 7],
    '2026-01-02',
    '2028-01-01',
    '2034-12-25',
  ],
]

test.each(cases)('ship_by_day: %s', async (_, paid_on, days, days_off, from, until, ship_by) => {
  const day = await db.value<string>`
    select ship_by_day(${paid_on}::text::date, ${days}, ${days_off}::smallint[], ${from}::text::date, ${until}::text::date)::text`
  expect(day).toBe(ship_by)
})

test('ship_by_day is the day that a walk over all days finds', async () => {
  const wrong = await db.rows`
    with shops (days_off, starts, lasts) as (
      select (array(select d::smallint from generate_series(1, 7) d where mask & (1 << d - 1) > 0)), starts, lasts
      from generate_series(0, 126, 5) mask, unnest('{-9,1,4}'::integer[]) starts, unnest('{null,0,6,20}'::integer[]) lasts
    ),
    asked as (
      select s.days_off, paid_on, days, paid_on + s.starts + 0 * s.lasts as vacation_from, paid_on + s.starts + s.lasts as vacation_until
      from shops s, unnest('{2026-11-27,2026-12-01}'::date[]) paid_on, unnest('{0,1,5,16}'::integer[]) days
    )
    select * from (
      select a.*, ship_by_day(paid_on, days, days_off, vacation_from, vacation_until) as ship_by, (
        select paid_on + n from generate_series(least(days, 1), 200) n
        where extract(isodow from paid_on + n) <> all (days_off)
          and (vacation_from is null or paid_on + n not between vacation_from and vacation_until)
        order by n offset greatest(days - 1, 0) limit 1
      ) as walked
      from asked a
    ) compared
    where ship_by is distinct from walked`
  expect(wrong).toEqual([])
})

describe('vacations with dates', () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const turn = (today: string) => db.rows<{ shop_id: number; is_on_vacation: boolean }>`
    select * from turn_vacations(${today}::text::date)`
  const facts = ({ shop_id }: Owned) => db.rows`
    select is_on_vacation, vacation_from::text, vacation_until::text from shops where id = ${shop_id}`
  const none = { vacation_from: null, vacation_until: null }

  test('begin and end by themselves', async () => {
    const shop = await makeShop()
    const dates = { vacation_from: day(10), vacation_until: day(12) }
    expect(await updateShop(shop, dates)).toMatchObject({ ...dates, is_on_vacation: false })
    const turned = async (today: string) => (await turn(today)).filter(({ shop_id }) => Number(shop_id) === shop.shop_id)
    expect(await turned(day(9))).toEqual([])
    expect(await turned(day(10))).toMatchObject([{ is_on_vacation: true }])
    expect(await turned(day(12))).toEqual([])
    expect(await facts(shop)).toEqual([{ ...dates, is_on_vacation: true }])
    expect(await turned(day(13))).toMatchObject([{ is_on_vacation: false }])
    expect(await facts(shop)).toEqual([{ ...none, is_on_vacation: false }])
  })

  test('make the pages of the shop and its listings stale', async () => {
    const shop = await makeShop()
    const product = await db.makeProduct({ shop_id: shop.shop_id })
    await updateShop(shop, { vacation_from: day(1), vacation_until: day(1) })
    for (const today of [day(1), day(2)]) {
      await db.sql`delete from changes`
      await turn(today)
      const keys = await db.value<string[]>`select keys from changes`
      expect(keys).toEqual(expect.arrayContaining([`shop:${shop.shop_id}`, `product:${product}`]))
    }
  })

  test('that contain today begin at once, and the switch ends them early', async () => {
    const shop = await makeShop()
    expect(await updateShop(shop, { vacation_from: day(-3), vacation_until: day(3) })).toMatchObject({ is_on_vacation: true })
    expect(await updateShop(shop, { name: 'Clay' })).toMatchObject({ is_on_vacation: true, vacation_until: day(3) })
    expect(await updateShop(shop, { is_on_vacation: false })).toMatchObject({ ...none, is_on_vacation: false })
  })

  test('that move, or go, end the vacation that they began, and not one by the switch', async () => {
    const shop = await makeShop()
    const running = { vacation_from: day(-3), vacation_until: day(3) }
    await updateShop(shop, running)
    const later = { vacation_from: day(5), vacation_until: day(6) }
    expect(await updateShop(shop, later)).toMatchObject({ ...later, is_on_vacation: false })
    await updateShop(shop, running)
    expect(await updateShop(shop, none)).toMatchObject({ ...none, is_on_vacation: false })
    await updateShop(shop, { is_on_vacation: true })
    expect(await updateShop(shop, later)).toMatchObject({ ...later, is_on_vacation: true })
    expect(await updateShop(shop, none)).toMatchObject({ ...none, is_on_vacation: true })
  })

  test('are a period of at most two years that has not passed', async () => {
    const shop = await makeShop()
    const refused = async (changes: object) => (await refusalOf(updateShop(shop, changes))).detail.field
    expect(await refused({ vacation_from: day(1) })).toBe('vacation_until')
    expect(await refused({ vacation_until: day(1) })).toBe('vacation_from')
    expect(await refused({ vacation_from: day(3), vacation_until: day(2) })).toBe('vacation_until')
    expect(await refused({ vacation_from: day(-3), vacation_until: day(-2) })).toBe('vacation_until')
    expect(await refused({ vacation_from: day(3), vacation_until: day(740) })).toBe('vacation_until')
    const today = { vacation_from: day(0), vacation_until: day(0) }
    expect(await refused({ ...today, is_on_vacation: false })).toBe('is_on_vacation')
  })

  test('of an erased seller open no shop', async () => {
    const shop = await makeShop()
    await updateShop(shop, { vacation_from: day(-1), vacation_until: day(1) })
    const password = await db.value<string>`select password from users where id = ${shop.owner_id}`
    await db.sql`select request_erasure(${shop.owner_id}, ${password})`
    await turn(day(2))
    expect(await facts(shop)).toEqual([{ ...none, is_on_vacation: true }])
  })
})

test('days_off are sorted, and leave a working day', async () => {
  const shop = await makeShop()
  expect(await updateShop(shop, { days_off: [7, 6] })).toMatchObject({ days_off: [6, 7] })
  expect(await updateShop(shop, { days_off: [] })).toMatchObject({ days_off: [] })
  expect(await refusalOf(updateShop(shop, { days_off: [1, 2, 3, 4, 5, 6, 7] }))).toMatchObject({
    constraint: 'shops_days_off_leave_a_working_day',
  })
})

test('a return policy has days if the shop accepts something', async () => {
  const shop = await makeShop()
  const policy = { accepts_returns: true, accepts_exchanges: false, days: 14 }
  expect(await updateShop(shop, { return_policy: policy })).toMatchObject({ return_policy: policy })
  const refused = { code: 'SWINV', detail: { field: 'return_policy/days' } }
  expect(await refusalOf(updateShop(shop, { return_policy: { ...policy, days: null } }))).toMatchObject(refused)
  expect(await refusalOf(updateShop(shop, { return_policy: { ...policy, accepts_returns: false } }))).toMatchObject(refused)
  expect(await updateShop(shop, { return_policy: null })).toMatchObject({ return_policy: null })
})
