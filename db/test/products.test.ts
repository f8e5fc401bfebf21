import { describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const owner = await db.makeUser()
const shop = await db.makeShop({ owner_id: owner, name: 'Clay' })

type Body = Record<string, unknown>

const list = (product: Body, user_id = owner, shop_id = shop) =>
  db.json`select body from list_product(${shop_id}, ${user_id}, ${db.sql.json(product as never)})`
const update = (product_id: number, changes: Body, user_id = owner) =>
  db.json`select body from update_product(${product_id}, ${user_id}, ${db.sql.json(changes as never)})`
const archive = (product_id: number, user_id = owner) => db.sql`select archive_product(${product_id}, ${user_id})`

const FULL = {
  title: 'Mug',
  description: 'Blue',
  price: '24.5',
  quantity: 3,
  tags: ['blue', 'clay'],
  images: ['https://x.example/a.jpg'],
  is_vintage: true,
  who_made: 'i_did',
  when_made: '1980s',
}

describe('list_product', () => {
  test('stores all fields', async () => {
    const category_id = await db.value<number>`select find_category(array['Home', 'Mugs'])`
    const body = await list({ ...FULL, category_id, sku: 'A-1' })
    expect(body).toMatchObject({
      ...FULL,
      price: '24.50',
      category_id,
      sku: 'A-1',
      state: 'active',
      shop: { id: shop, name: 'Clay', rating: null, is_on_vacation: false, vacation_message: null },
    })
    expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('needs only a title and a price, and lists one unit', async () => {
    const none = { tags: [], images: [], is_vintage: false, description: '', sku: null }
    const unknown = { category_id: null, who_made: null, when_made: null }
    expect(await list({ title: 'Bowl', price: '0.01' })).toMatchObject({ quantity: 1, ...none, ...unknown })
  })

  test('refuses a stranger, an unknown shop, an unknown category and a sku in use', async () => {
    expect(await refusalOf(list(FULL, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(list(FULL, owner, 999_999))).toMatchObject({ code: 'SWNTF' })
    const refused = { code: 'SWINV', detail: { field: 'category_id' } }
    expect(await refusalOf(list({ ...FULL, category_id: 999_999 }))).toMatchObject(refused)
    await list({ ...FULL, sku: 'B-1' })
    expect(await refusalOf(list({ ...FULL, sku: 'B-1' }))).toMatchObject({ code: 'SWSKU', detail: { field: 'sku' } })
  })

  test('lets two shops use one sku, and one shop have any number of items without a sku', async () => {
    await list({ ...FULL, sku: 'C-1' })
    const other = await db.makeShop({ owner_id: owner })
    expect(await list({ ...FULL, sku: 'C-1' }, owner, other)).toMatchObject({ sku: 'C-1' })
    for (let n = 0; n < 2; n++) await list({ ...FULL, sku: null })
  })
})

describe('update_product', () => {
  test('changes only the given fields', async () => {
    const { updated_at, ...before } = await list({ ...FULL, sku: 'D-1' })
    const { updated_at: later, ...after } = await update(before.id, { price: '9', tags: [] })
    expect(after).toEqual({ ...before, price: '9.00', price_max: '9.00', tags: [] })
    expect(Date.parse(later)).toBeGreaterThanOrEqual(Date.parse(updated_at))
    const changes = { title: 'Jug', description: '', quantity: 0, is_vintage: false, images: [] }
    expect(await update(before.id, changes)).toMatchObject({ ...changes, state: 'sold_out' })
  })

  test('removes sku, who_made and when_made if they are null', async () => {
    const { id } = await list({ ...FULL, sku: 'E-1' })
    const none = { sku: null, who_made: null, when_made: null }
    expect(await update(id, none)).toMatchObject(none)
  })

  test('keeps its own sku and refuses that of another item', async () => {
    const [{ id }] = [await list({ ...FULL, sku: 'F-1' }), await list({ ...FULL, sku: 'F-2' })]
    expect(await update(id, { sku: 'F-1' })).toMatchObject({ sku: 'F-1' })
    expect(await refusalOf(update(id, { sku: 'F-2' }))).toMatchObject({ code: 'SWSKU' })
  })

  test('refuses a stranger, an unknown item and an unknown category, of an archived item, too', async () => {
    const { id } = await list(FULL)
    expect(await refusalOf(update(id, {}, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(update(999_999, {}))).toMatchObject({ code: 'SWNTF' })
    expect(await refusalOf(update(id, { category_id: 999_999 }))).toMatchObject({ code: 'SWINV' })
    await archive(id)
    expect(await refusalOf(update(id, {}, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(update(id, { category_id: 999_999 }))).toMatchObject({ code: 'SWINV' })
    expect(await update(id, { price: '1', quantity: 0 })).toMatchObject({ price: '1.00', quantity: 0, state: 'archived' })
  })
})

describe('lock_own_product', () => {
  const lock = (id: number, versions: string[] | null) => db.sql`select lock_own_product(${id}, ${owner}, ${versions})`
  const versionOf = (id: number) => db.value<string>`select row_version(xmin, updated_at) from products where id = ${id}`

  test('accepts a version, alone or with a suffix after a dot; null matches any', async () => {
    const { id } = await list(FULL)
    const version = await versionOf(id)
    for (const versions of [null, [version], [`${version}.page`], ['other', `${version}.page`]]) await lock(id, versions)
    for (const versions of [[], ['other'], ['other.page'], [`.${version}`], [`${version}0`]])
      expect(await refusalOf(lock(id, versions))).toMatchObject({ code: 'SWVER', detail: { quantity: 3 } })
    await update(id, {})
    expect(await refusalOf(lock(id, [version]))).toMatchObject({ code: 'SWVER' })
  })

  test('a sale changes the version; a hold, a favorite and a view do not', async () => {
    const { id } = await list(FULL)
    const version = await versionOf(id)
    const buyer = await db.makeUser()
    await db.reserve(buyer, id)
    await db.sql`select add_favorite(${buyer}, 'product', ${id})`
    await db.sql`select record_views(${[id]}, ${[1]})`
    await lock(id, [version])
    await db.sql`select * from checkout_split_orders(${buyer}, 'k', '{"country": "US"}')`
    expect(await refusalOf(lock(id, [version]))).toMatchObject({ code: 'SWVER', detail: { quantity: 2 } })
  })
})

describe('archive_product', () => {
  test('refuses a stranger, hides the listing, and leaves the lines in carts', async () => {
    const { id } = await list(FULL)
    await db.makeBuyer(id)
    expect(await refusalOf(archive(id, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    await archive(id)
    expect(await db.rows`select state from products where id = ${id}`).toEqual([{ state: 'archived' }])
    expect(await db.sql`select from cart_items where product_id = ${id}`).toHaveLength(1)
    expect(await refusalOf(archive(id))).toMatchObject({ code: 'SWNTF' })
  })
})

test('record_views adds up by item and day, and skips unknown items', async () => {
  const [mug, bowl] = [await db.makeProduct(), await db.makeProduct()]
  await db.sql`select record_views(${[mug, bowl, mug, 999_999]}, ${[1, 2, 3, 4]})`
  await db.sql`select record_views(${[bowl]}, ${[5]})`
  const views = db.rows`
    select product_id, views from product_views
    where viewed_on = current_date and product_id in (${mug}, ${bowl}) order by 1`
  expect(await views).toEqual([
    { product_id: mug, views: 4 },
    { product_id: bowl, views: 7 },
  ])
})
