import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct, makeShop, makeUser, putLine } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'

let db: TestDatabase
let owner: number
let shop: number
beforeAll(async () => {
  db = await openTestDatabase()
  owner = await makeUser(db.sql)
  shop = await makeShop(db.sql, { owner_id: owner, name: 'Clay' })
})
afterAll(() => db.close())

type Body = Record<string, unknown>

async function list(product: Body, user_id = owner, shop_id = shop) {
  const [row] = await db.sql<
    { id: number; body: string }[]
  >`select * from list_product(${shop_id}, ${user_id}, ${db.sql.json(product as never)})`
  return JSON.parse(row?.body as string)
}

async function update(product_id: number, changes: Body, user_id = owner) {
  const [row] = await db.sql<
    { body: string }[]
  >`select * from update_product(${product_id}, ${user_id}, ${db.sql.json(changes as never)})`
  return JSON.parse(row?.body as string)
}

const archive = (product_id: number, user_id = owner) => db.sql`select archive_product(${product_id}, ${user_id})`

const category = async () => (await db.sql<{ id: number }[]>`select find_category(array['Home', 'Mugs']) as id`)[0]?.id as number

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
    const category_id = await category()
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
    expect(await list({ title: 'Bowl', price: '0.01' })).toMatchObject({
      quantity: 1,
      tags: [],
      images: [],
      is_vintage: false,
      description: '',
      sku: null,
      category_id: null,
      who_made: null,
      when_made: null,
    })
  })

  test('refuses a stranger, an unknown shop, an unknown category and a sku in use', async () => {
    expect(await refusalOf(list(FULL, await makeUser(db.sql)))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(list(FULL, owner, 999_999))).toMatchObject({ code: 'SWNTF' })
    expect(await refusalOf(list({ ...FULL, category_id: 999_999 }))).toMatchObject({
      code: 'SWINV',
      detail: { field: 'category_id' },
    })
    await list({ ...FULL, sku: 'B-1' })
    expect(await refusalOf(list({ ...FULL, sku: 'B-1' }))).toMatchObject({ code: 'SWSKU', detail: { field: 'sku' } })
  })

  test('lets two shops use one sku, and one shop have any number of items without a sku', async () => {
    await list({ ...FULL, sku: 'C-1' })
    const other = await makeShop(db.sql, { owner_id: owner })
    expect(await list({ ...FULL, sku: 'C-1' }, owner, other)).toMatchObject({ sku: 'C-1' })
    for (let n = 0; n < 2; n++) await list({ ...FULL, sku: null })
  })
})

describe('update_product', () => {
  test('changes only the given fields', async () => {
    const { updated_at, ...before } = await list({ ...FULL, sku: 'D-1' })
    const { updated_at: later, ...after } = await update(before.id, { price: '9', tags: [] })
    expect(after).toEqual({ ...before, price: '9.00', tags: [] })
    expect(Date.parse(later)).toBeGreaterThanOrEqual(Date.parse(updated_at))
    const changed = await update(before.id, { title: 'Jug', description: '', quantity: 0, is_vintage: false, images: [] })
    expect(changed).toMatchObject({
      title: 'Jug',
      description: '',
      quantity: 0,
      state: 'sold_out',
      is_vintage: false,
      images: [],
    })
  })

  test('removes sku, who_made and when_made if they are null', async () => {
    const { id } = await list({ ...FULL, sku: 'E-1' })
    expect(await update(id, { sku: null, who_made: null, when_made: null })).toMatchObject({
      sku: null,
      who_made: null,
      when_made: null,
    })
  })

  test('keeps its own sku and refuses that of another item', async () => {
    const [{ id }] = [await list({ ...FULL, sku: 'F-1' }), await list({ ...FULL, sku: 'F-2' })]
    expect(await update(id, { sku: 'F-1' })).toMatchObject({ sku: 'F-1' })
    expect(await refusalOf(update(id, { sku: 'F-2' }))).toMatchObject({ code: 'SWSKU' })
  })

  test('refuses a stranger, an unknown item and an unknown category, of an archived item, too', async () => {
    const { id } = await list(FULL)
    expect(await refusalOf(update(id, {}, await makeUser(db.sql)))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(update(999_999, {}))).toMatchObject({ code: 'SWNTF' })
    expect(await refusalOf(update(id, { category_id: 999_999 }))).toMatchObject({ code: 'SWINV' })
    await archive(id)
    expect(await refusalOf(update(id, {}, await makeUser(db.sql)))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(update(id, { category_id: 999_999 }))).toMatchObject({ code: 'SWINV' })
    expect(await update(id, { price: '1', quantity: 0 })).toMatchObject({ price: '1.00', quantity: 0, state: 'archived' })
  })
})

describe('lock_own_product', () => {
  const lock = (id: number, versions: string[] | null) => db.sql`select lock_own_product(${id}, ${owner}, ${versions})`
  const versionOf = async (id: number) => {
    const [row] = await db.sql<
      { version: string }[]
    >`select row_version(xmin, updated_at) as version from products where id = ${id}`
    return row?.version as string
  }

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
    const buyer = await makeUser(db.sql)
    await db.sql`select * from reserve_item(${buyer}, ${id}, 1)`
    await db.sql`select add_favorite(${buyer}, 'product', ${id})`
    await db.sql`select record_views(${[id]}, ${[1]})`
    await lock(id, [version])
    await db.sql`select * from checkout_split_orders(${buyer}, 'k', '{"country": "US"}')`
    expect(await refusalOf(lock(id, [version]))).toMatchObject({ code: 'SWVER', detail: { quantity: 2 } })
  })
})

describe('archive_product', () => {
  test('hides the listing and leaves the lines in carts', async () => {
    const { id } = await list(FULL)
    const buyer = await makeUser(db.sql)
    await putLine(db.sql, buyer, id)
    await archive(id)
    expect([...(await db.sql`select state from products where id = ${id}`)]).toEqual([{ state: 'archived' }])
    expect(await db.sql`select from cart_items where product_id = ${id}`).toHaveLength(1)
    expect(await refusalOf(archive(id))).toMatchObject({ code: 'SWNTF' })
  })

  test('refuses a stranger', async () => {
    const { id } = await list(FULL)
    expect(await refusalOf(archive(id, await makeUser(db.sql)))).toMatchObject({ code: 'SWOWN' })
  })
})

test('record_views adds up by item and day, and skips unknown items', async () => {
  const [mug, bowl] = [await makeProduct(db.sql), await makeProduct(db.sql)]
  await db.sql`select record_views(${[mug, bowl, mug, 999_999]}, ${[1, 2, 3, 4]})`
  await db.sql`select record_views(${[bowl]}, ${[5]})`
  const views =
    await db.sql`select product_id, views from product_views where viewed_on = current_date and product_id in (${mug}, ${bowl}) order by 1`
  expect([...views]).toEqual([
    { product_id: mug, views: 4 },
    { product_id: bowl, views: 7 },
  ])
})
