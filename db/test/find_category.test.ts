import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct } from '../../test/support/factory.ts'
import { openRivals, type Rival, race, untilBlocked } from '../../test/support/races.ts'
import { refusalOf } from '../../test/support/refusals.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function find(path: string[], sql = db.sql): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select find_category(${path}) as id`
  return row?.id as number
}

async function slugOf(id: number): Promise<string> {
  const [row] = await db.sql<{ slug: string }[]>`select slug from categories where id = ${id}`
  return row?.slug as string
}

test('top_category is the root above any level', async () => {
  const root = await slugOf(await find(['Top of all']))
  for (const path of [['Top of all'], ['Top of all', 'Below'], ['Top of all', 'Below', 'Deep']]) {
    const [top] = await db.sql`select top_category(${await find(path)}) as slug`
    expect(top).toEqual({ slug: root })
  }
  const [none] = await db.sql`select top_category(null) as slug`
  expect(none).toEqual({ slug: null })
})

test('creates every level of a path once', async () => {
  const lamps = await find(['Home', 'Lighting', 'Lamps'])
  expect(await find(['Home', 'Lighting', 'Lamps'])).toBe(lamps)
  const path = await db.sql`
    with recursive up as (
      select c.*, 1 as level from categories c where c.id = ${lamps}
      union all
      select c.*, up.level + 1 from categories c join up on up.parent_id = c.id
    )
    select name, slug from up order by level desc`
  expect([...path]).toEqual([
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

test('makes slugs of letters and digits, and unique ones', async () => {
  expect(await slugOf(await find(['Café & Crème']))).toBe('cafe-creme')
  expect(await slugOf(await find(['Bags']))).toBe('bags')
  expect(await slugOf(await find(['Gifts', 'Bags']))).toBe('gifts-bags')
  expect(await slugOf(await find(['Gifts', 'BAGS']))).toBe('gifts-bags-2')
  expect(await slugOf(await find(['日本']))).toBe('category')
  expect(await slugOf(await find(['--']))).toBe('category-2')
})

test('rejects names that are too short or too long', async () => {
  expect(await refusalOf(find(['']))).toMatchObject({ constraint: 'categories_name_has_a_sane_length' })
  expect(await refusalOf(find(['x'.repeat(101)]))).toMatchObject({ constraint: 'categories_name_has_a_sane_length' })
})

test('concurrent calls with the same path make one category', async () => {
  const rivals = await openRivals(db.url, 8)
  const ids = await race(rivals, ({ sql }) => find(['Crafts', 'Wool', 'Yarn'], sql))
  await rivals.close()
  expect(new Set(ids).size).toBe(1)
})

test('concurrent calls with the same name under two parents make two slugs', async () => {
  const rivals = await openRivals(db.url, 2)
  const [first, second] = rivals.all as [Rival, Rival]
  await first.sql`begin`
  const one = await find(['Garden', 'Chairs'], first.sql)
  const waiting = find(['Office', 'Chairs'], second.sql)
  await untilBlocked(db.sql, second)
  await first.sql`commit`
  const two = await waiting
  await rivals.close()
  expect(await slugOf(one)).toBe('chairs')
  expect(await slugOf(two)).toBe('office-chairs')
})

test('category_tree nests what categories_below lists', async () => {
  const top = await find(['Toys'])
  for (const path of [
    ['Toys', 'Dolls'],
    ['Toys', 'Blocks'],
    ['Toys', 'Dolls', 'Knitted'],
  ])
    await find(path)
  const [row] = await db.sql<{ tree: string }[]>`select category_tree(${top}) as tree`
  expect(JSON.parse(row?.tree as string)).toMatchObject([
    { name: 'Blocks', children: [] },
    { name: 'Dolls', children: [{ name: 'Knitted', children: [] }] },
  ])
  expect(await db.sql`select * from categories_below('toys')`).toHaveLength(4)
  expect(await db.sql`select * from categories_below('no-such-slug')`).toHaveLength(0)
})

test('every category of a deep tree lists the products of the last one', async () => {
  const path = Array.from({ length: 60 }, (_, level) => `Level ${level}`)
  const last = await find(path)
  const product = await makeProduct(db.sql)
  await db.sql`update products set category_id = ${last} where id = ${product}`
  for (const slug of ['level-0', 'level-30', 'level-59']) {
    const trending = await db.sql<{ product_id: number }[]>`select product_id from list_trending(${slug}, 100)`
    expect([slug, trending.map((row) => row.product_id)]).toEqual([slug, [product]])
    const [found] = await db.sql<{ total: number }[]>`
      select total from search_products(null, ${slug}, null, null, null, 'newest', null, 10)`
    expect([slug, found?.total]).toEqual([slug, 1])
  }
  let { children } = await readTree('level-0')
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

type Tree = { children: Tree[] }

async function readTree(slug: string): Promise<Tree> {
  const [row] = await db.sql<
    { tree: string }[]
  >`select json_build_object('children', category_tree(c.id)) as tree from categories c where c.slug = ${slug}`
  return JSON.parse(row?.tree as string)
}
