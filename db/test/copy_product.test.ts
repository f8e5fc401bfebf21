import { afterAll, expect, test } from 'bun:test'
import { openRivals, type Rival, race, untilBlocked } from '../../test/support/races.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const rivals = await openRivals(db.url, 2)
afterAll(rivals.close)
const owner = await db.makeUser()
const shop = await db.makeShop({ owner_id: owner })

type Row = Record<string, unknown>
const json = (value: object) => db.sql.json(value as never)
const list = (product: object) => db.json`select body from list_product(${shop}, ${owner}, ${json(product)})`
const copy = (id: number, user_id = owner, quota_scale: number | null = null) =>
  db.json`select body from copy_product(${id}, ${user_id}, ${quota_scale})`
const rowOf = async (id: number) => (await db.rows`select * from products where id = ${id}`)[0] as Row
/** The parts of a row that a copy has of its own. */
const OWN = ['id', 'sku', 'state', 'is_draft', 'archived_at', 'created_at', 'updated_at']
const shared = (row: Row) => Object.fromEntries(Object.entries(row).filter(([name]) => !OWN.includes(name)))

const SHIRT = {
  title: 'Shirt',
  description: 'Linen',
  price: '30',
  sku: 'S',
  tags: ['linen'],
  materials: ['flax'],
  images: ['https://x.example/a.jpg'],
  is_vintage: true,
  who_made: 'i_did',
  when_made: '1980s',
  personalization: { instructions: 'Your initials', is_required: true, max_length: 3 },
  stock_by: 'variant',
  options: [
    { name: 'Size', values: ['S', 'M'] },
    { name: 'Color', values: ['Red', 'Blue'] },
  ],
  variants: [
    { option_values: ['S', 'Red'], quantity: 2, sku: 'S-S', price: '28', images: ['https://x.example/s.jpg'] },
    { option_values: ['M', 'Blue'], quantity: 3, sku: 'S-M' },
    { option_values: ['M', 'Red'], quantity: 4 },
  ],
}

/** Makes a listing in which each column that a seller can set has a value. */
async function makeShirt() {
  const section = await db.json`select body from add_section(${shop}, ${owner}, ${json({ name: crypto.randomUUID() })})`
  const [profile] = await db.rows`
    insert into processing_profiles (shop_id, name, readiness, days_min, days_max)
    values (${shop}, 'Sewn', 'ready_to_ship', 3, 5) returning id`
  const [postage] = await db.rows`insert into shipping_profiles (shop_id, name) values (${shop}, 'Big') returning id`
  const category_id = await db.value<number>`select find_category(array['Clothes'])`
  await db.sql`update products set sku = null where shop_id = ${shop}`
  await db.sql`update variants set sku = null where shop_id = ${shop}`
  const profiles = { processing_profile_id: profile?.id, shipping_profile_id: postage?.id }
  const { id } = await list({ ...SHIRT, category_id, section_id: section.id, ...profiles })
  await db.sql`update variants set processing_profile_id = ${profile?.id as number} where product_id = ${id}`
  const [removed] = await db.rows`select max(id) as id from variants where product_id = ${id}`
  await db.sql`update variants set archived_at = now() where id = ${removed?.id as number}`
  return { id, section_id: section.id as number }
}

test('a copy is a draft with everything but skus, and has variants of its own', async () => {
  const { id } = await makeShirt()
  const copied = await copy(id)
  expect(copied).toMatchObject({ state: 'draft', is_draft: true, sku: null, price: '28.00', quantity: 5 })
  const [from, to] = [await rowOf(id), await rowOf(copied.id)]
  // A column that a seller sets and the copy lacks is empty here.
  expect(Object.entries(shared(from)).filter(([, value]) => value === null || (Array.isArray(value) && !value.length))).toEqual(
    [],
  )
  expect(shared(to)).toEqual(shared(from))
  const options = (product_id: number) => db.rows`
    select position, name, option_values from product_options where product_id = ${product_id} order by position`
  expect(await options(copied.id)).toEqual(await options(id))
  const variants = async (product_id: number) => {
    const rows = await db.rows`select * from variants where product_id = ${product_id} and archived_at is null order by id`
    return (rows as Row[]).map(({ id, product_id, sku, created_at, updated_at, ...rest }) => rest)
  }
  expect(await variants(copied.id)).toEqual(await variants(id))
  const skus = await db.rows`select sku from variants where product_id = ${copied.id}`
  expect(skus).toEqual([{ sku: null }, { sku: null }] as never)
})

test('a plain listing, an archived one and a draft are copied, too', async () => {
  const { id } = await list({ title: 'Mug', price: '9', quantity: 4 })
  expect(await copy(id)).toMatchObject({ title: 'Mug', price: '9.00', quantity: 4, state: 'draft' })
  await db.sql`select archive_product(${id}, ${owner})`
  const copied = await copy(id)
  expect(copied).toMatchObject({ title: 'Mug', state: 'draft' })
  expect(await copy(copied.id)).toMatchObject({ title: 'Mug', state: 'draft' })
})

test('a stranger, an unknown listing and a full account are refused', async () => {
  const { id } = await list({ title: 'Mug', price: '9' })
  expect(await refusalOf(copy(id, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
  expect(await refusalOf(copy(999_999))).toMatchObject({ code: 'SWNTF' })
  expect(await refusalOf(copy(id, owner, 0))).toMatchObject({ code: 'SWQTA', detail: { quota: 'listings' } })
})

test('a copy waits for a change of its original, and has all of it', async () => {
  const { id } = await makeShirt()
  const [seller, copier] = rivals.all as [Rival, Rival]
  let copied: Promise<unknown> = Promise.resolve()
  await seller.sql.begin(async (sql) => {
    await sql`select from update_product(${id}, ${owner}, ${sql.json({ title: 'Later' })})`
    copied = copier.sql`select body from copy_product(${id}, ${owner})`.then(([row]) => row?.body)
    await untilBlocked(db.sql, copier)
    await sql`update variants set quantity = 7 where product_id = ${id} and archived_at is null`
  })
  const body = (await copied) as string
  expect(typeof body === 'string' ? JSON.parse(body) : body).toMatchObject({ title: 'Later', quantity: 14 })
})

test('a section that is being removed is left out, without a deadlock', async () => {
  const { id, section_id } = await makeShirt()
  const outcomes = await race(rivals, ({ sql }, n) =>
    n === 0 ? sql`select remove_section(${section_id}, ${owner})` : sql`select from copy_product(${id}, ${owner})`,
  )
  expect(outcomes).toHaveLength(2)
  const [left] = await db.rows`select count(*) as listings from products where section_id = ${section_id}`
  expect(Number(left?.listings)).toBe(0)
})
