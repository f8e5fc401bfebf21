import { expect, test } from 'bun:test'
import type { Pool } from '../../src/platform/db/client.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

async function find(path: string[], sql = db.sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select find_category(${path}) as id`
  return row?.id as number
}

const slugOf = (id: number) => db.value<string>`select slug from categories where id = ${id}`

test('top_category is the root above any level', async () => {
  const root = await slugOf(await find(['Top of all']))
  for (const path of [['Top of all'], ['Top of all', 'Below'], ['Top of all', 'Below', 'Deep']])
    expect(await db.value<string>`select top_category(${await find(path)})`).toBe(root)
  expect(await db.value<null>`select top_category(null)`).toBeNull()
})

test('creates every level of a path once', async () => {
  const lamps = await find(['Home', 'Lighting', 'Lamps'])
  expect(await find(['Home', 'Lighting', 'Lamps'])).toBe(lamps)
  const path = db.rows`
    with recursive up as (
      select c.*, 1 as level from categories c where c.id = ${lamps}
      union all
      select c.*, up.level + 1 from categories c join up on up.parent_id = c.id
    )
    select name, slug from up order by level desc`
  expect(await path).toEqual([
    { name: 'Home', slug: 'home' },
    { name: 'Lighting', slug: 'lighting' },
    { name: 'Lamps', slug: 'lamps' },
  ])
  expect(await find(['Home'])).not.toBe(lamps)
})

test('compares paths exactly: case, spaces and parents make other categories', async () => {
  const ids = new Set<number>()
  const paths = [['Rings'], ['rings'], ['Rings '], ['Jewelry', 'Rings'], ['Jewelry', 'Rings', 'Rings']]
  for (const path of paths) ids.add(await find(path))
  expect(ids.size).toBe(paths.length)
})

test.each([
  [['Café & Crème'], 'cafe-creme'],
  [['Bags'], 'bags'],
  [['Gifts', 'Bags'], 'gifts-bags'],
  [['Gifts', 'BAGS'], 'gifts-bags-2'],
  [['日本'], 'category'],
  [['--'], 'category-2'],
])('makes unique slugs of letters and digits: %j', async (path, slug) => {
  expect(await slugOf(await find(path))).toBe(slug)
})

test.each(['', 'x'.repeat(101)])('refuses a name that is too short or too long: %j', async (name) => {
  expect(await refusalOf(find([name]))).toMatchObject({ constraint: 'categories_name_has_a_sane_length' })
})

test('concurrent calls with the same path make one category', async () => {
  const ids = await db.race(8, ({ sql }) => find(['Crafts', 'Wool', 'Yarn'], sql))
  expect(new Set(ids).size).toBe(1)
})

test('concurrent calls with the same name under two parents make two slugs', async () => {
  let one = 0
  const leading = async (sql: Pool) => {
    one = await find(['Garden', 'Chairs'], sql)
  }
  const two = await db.interleave(leading, (sql) => find(['Office', 'Chairs'], sql))
  expect([await slugOf(one), await slugOf(two)]).toEqual(['chairs', 'office-chairs'])
})

test('category_tree nests what categories_below lists', async () => {
  const top = await find(['Toys'])
  for (const path of [['Dolls'], ['Blocks'], ['Dolls', 'Knitted']]) await find(['Toys', ...path])
  expect(await db.json`select category_tree(${top})`).toMatchObject([
    { name: 'Blocks', children: [] },
    { name: 'Dolls', children: [{ name: 'Knitted', children: [] }] },
  ])
  expect(await db.sql`select * from categories_below('toys')`).toHaveLength(4)
  expect(await db.sql`select * from categories_below('no-such-slug')`).toHaveLength(0)
})

type Tree = { children: Tree[] }

test('every category of a deep tree lists the products of the last one', async () => {
  const path = Array.from({ length: 60 }, (_, level) => `Level ${level}`)
  const last = await find(path)
  const product = await db.makeProduct()
  await db.sql`update products set category_id = ${last} where id = ${product}`
  for (const slug of ['level-0', 'level-30', 'level-59']) {
    expect(await db.rows`select product_id from list_trending(${slug}, 100)`).toEqual([{ product_id: product }])
    const total = db.value<number>`select total from search_products(null, ${slug}, null, null, null, 'newest', null, 10)`
    expect(await total).toBe(1)
  }
  let children: Tree[] = await db.json`select category_tree(c.id) from categories c where c.slug = 'level-0'`
  let depth = 0
  for (; children.length > 0; depth++) children = (children[0] as Tree).children
  expect(depth).toBe(59)
})

test('a slug is never longer than the limit of the API, for any name', async () => {
  const name = 'ß'.repeat(100)
  const slugs = await Promise.all(
    [[name], [name, name], [name, name, name], ['Other', name]].map(async (path) => slugOf(await find(path))),
  )
  expect(new Set(slugs).size).toBe(4)
  for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9-]{1,200}$/)
})
