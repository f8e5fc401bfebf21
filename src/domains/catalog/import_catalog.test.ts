import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { openPool } from '../../platform/db/client.ts'
import { columns } from './catalog_row.ts'
import { importCatalog } from './import_catalog.ts'
import type { BadRow } from './import_rows.ts'

/** On a busy machine a process takes its time to start. */
setDefaultTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'stallwright-'))
let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
}, 60_000)
beforeEach(async () => {
  for (const table of ['products', 'shops', 'categories']) await database.sql.unsafe(`delete from ${table}`)
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

function writeCatalog(rows: string[]): string {
  const path = join(folder, `${crypto.randomUUID()}.csv`)
  writeFileSync(path, [columns.join(','), ...rows].join('\n'))
  return path
}

/** A row of the file: what matters to the test, and something plain for the rest. */
function row(
  sku: string,
  { shop = 'Velvet Fox', title = 'Bell', price = '5.00', quantity = '1', category = 'Home' } = {},
): string {
  return `${sku},${shop},${title},,${price},${quantity},${category},a|b,,false,2026-01-31`
}

async function importFile(rows: string[]) {
  const bad: BadRow[] = []
  const counts = await importCatalog(writeCatalog(rows), database.sql, { onBadRow: (row) => bad.push(row) })
  return { counts, bad }
}

const listProducts = () => database.sql<
  { sku: string; title: string; price: string; quantity: number; shop: string; updated_at: Date }[]
>`
  select p.sku, p.title, p.price, p.quantity, s.name as shop, p.updated_at
  from products p join shops s on s.id = p.shop_id order by s.name, p.sku`

test('reports bad rows by line and reason, and imports the others', async () => {
  const { counts, bad } = await importFile([
    row('a1', { title: '"Two\nlines"' }),
    row('a2', { title: '' }),
    row('a3', { price: '1.999' }),
    row('a4', { title: '"open' }),
    '',
    row('a5'),
  ])
  expect(counts).toEqual({ rows: 5, created: 2, updated: 0, unchanged: 0, skipped: 3 })
  expect(bad.map(({ line }) => line)).toEqual([4, 5, 6])
  expect(bad[1]?.reason).toBe('price "1.999" has more than 2 decimals')
  expect((await listProducts()).map(({ sku }) => sku)).toEqual(['a1', 'a5'])
})

test('a second import changes only rows that differ', async () => {
  await importFile([row('a1'), row('a2'), row('a1', { shop: 'Wren & Willow' })])
  const before = await listProducts()
  const { counts } = await importFile([
    row('a1'),
    row('a2', { price: '6', quantity: '9' }),
    row('a1', { shop: 'Wren & Willow' }),
    row('a3'),
  ])
  expect(counts).toEqual({ rows: 4, created: 1, updated: 1, unchanged: 2, skipped: 0 })
  const after = await listProducts()
  expect(after[1]).toMatchObject({ sku: 'a2', price: '6.00', quantity: 9 })
  expect([after[0], after[3]]).toEqual([before[0], before[2]])
})

test('the later of two rows for one item counts', async () => {
  const { counts } = await importFile([row('a1', { title: 'First' }), row('a1', { title: 'Second' })])
  expect(counts).toEqual({ rows: 2, created: 1, updated: 0, unchanged: 1, skipped: 0 })
  expect((await listProducts()).map(({ title }) => title)).toEqual(['Second'])
})

test('a category is its whole path: equal names below different parents are two, and slugs never collide', async () => {
  const paths = [
    'Home > Bells',
    'Garden > Bells',
    'home > Bells',
    'Home > bells',
    '日本',
    '✂',
    'Home-Bells',
    'Home > Bells > Home > Bells',
  ]
  const { bad } = await importFile(paths.map((category, index) => row(`a${index}`, { category })))
  expect(bad).toEqual([])
  const found = await database.sql<{ path: string; slug: string }[]>`
    with recursive tree as (
      select c.id, c.name as path, c.slug from categories c where c.parent_id is null
      union all
      select c.id, t.path || ' > ' || c.name, c.slug from categories c join tree t on c.parent_id = t.id
    )
    select t.path, t.slug from products p join tree t on t.id = p.category_id order by p.id`
  expect(found.map(({ path }) => path)).toEqual(paths)
  expect(new Set(found.map(({ slug }) => slug)).size).toBe(paths.length)
})

test('shops are matched by name among imported shops only, and their owner cannot sign in', async () => {
  const [other] =
    await database.sql`insert into users (email, password, display_name) values ('ann@example.com', '*', 'Ann') returning id`
  await database.sql`insert into shops (owner_id, name) values (${other?.id}, 'Velvet Fox')`
  await importFile([row('a1')])
  await importFile([row('a2')])
  const shops = await database.sql<{ email: string; password: string; products: number }[]>`
    select u.email, u.password, count(p.id) as products
    from shops s join users u on u.id = s.owner_id left join products p on p.shop_id = s.id
    where s.name = 'Velvet Fox' group by u.id order by u.email`
  expect([...shops]).toEqual([
    { email: 'ann@example.com', password: '*', products: 0 },
    { email: 'catalog@stallwright.invalid', password: '*', products: 2 },
  ])
})

test('reports a row that the database rejects, and imports the others of its batch', async () => {
  await database.sql`alter table products add constraint products_title_is_no_poison check (title <> 'Poison')`
  try {
    const rows = Array.from({ length: 100 }, (_, index) => row(`a${index}`, { title: index === 61 ? 'Poison' : 'Bell' }))
    const { counts, bad } = await importFile(rows)
    expect(counts).toEqual({ rows: 100, created: 99, updated: 0, unchanged: 0, skipped: 1 })
    expect(bad).toEqual([{ line: 63, reason: expect.stringContaining('products_title_is_no_poison') }])
  } finally {
    await database.sql`alter table products drop constraint products_title_is_no_poison`
  }
})

test('concurrent imports create each shop and category once', async () => {
  const files = ['a', 'b', 'c', 'd'].map((prefix) =>
    writeCatalog(
      Array.from({ length: 300 }, (_, index) =>
        row(`${prefix}${index}`, { shop: `Shop ${index % 10}`, category: `Home > ${index % 5}` }),
      ),
    ),
  )
  const pool = openPool(database.url, { max: 4, name: 'imports', statement_timeout_ms: 0 })
  try {
    await Promise.all(files.map((file) => importCatalog(file, pool)))
  } finally {
    await pool.end()
  }
  const [found] = await database.sql`
    select (select count(*) from shops) as shops, (select count(*) from categories) as categories,
      (select count(*) from products) as products`
  expect(found).toEqual({ shops: 10, categories: 6, products: 1200 })
})

test('rejects a file without a usable header', async () => {
  const path = join(folder, 'headless.csv')
  writeFileSync(path, 'sku,title\na1,Bell\n')
  await expect(importCatalog(path, database.sql)).rejects.toThrow('the header lacks shop')
  writeFileSync(path, '')
  await expect(importCatalog(path, database.sql)).rejects.toThrow('the file is empty')
})
