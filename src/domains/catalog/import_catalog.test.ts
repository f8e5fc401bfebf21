import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { openRivals, type Rival, untilBlocked } from '../../../test/support/races.ts'
import { outcomeOf } from '../../../test/support/refusals.ts'
import { openPool, type Sql } from '../../platform/db/client.ts'
import { columns, variantColumns } from './catalog_row.ts'
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

const withVariants = [...columns, ...variantColumns].join(',')

/** A listing or variant of a file with the columns of variants. A variant has only what it states itself. */
const listing = (sku: string, more: Parameters<typeof row>[1] = {}) => `${row(sku, more)},,,,,`
const variant = (sku: string, of: string, options: string, price = '', quantity = '') =>
  `${sku},,,,${price},${quantity},,,,,,${of},${options}`

async function importVariants(rows: string[]) {
  const path = join(folder, `${crypto.randomUUID()}.csv`)
  writeFileSync(path, [withVariants, ...rows].join('\n'))
  const bad: BadRow[] = []
  return { counts: await importCatalog(path, database.sql, { onBadRow: (row) => bad.push(row) }), bad }
}

const readListings = () => database.sql`
  select p.sku, p.price, p.highest_price, p.quantity, p.stock_by, p.has_variants,
    (select array_agg(o.name || '=' || array_to_string(o.option_values, '/') order by o.position)
      from product_options o where o.product_id = p.id) as options,
    (select array_agg(concat_ws(' ', v.sku, array_to_string(v.option_values, '/'), v.price, v.quantity) order by v.sku)
      from variants v where v.product_id = p.id) as variants
  from products p order by p.sku`

test('the rows below a listing are its variants, with their own prices and stocks', async () => {
  const { counts, bad } = await importVariants([
    listing('mug', { price: '5.00', quantity: '99' }),
    variant('mug-rs', 'mug', 'Color,Red,Size,S', '', '3'),
    variant('mug-bl', 'mug', 'Color,Blue,Size,L', '7.50', '0'),
    listing('bell'),
    listing('print', { price: '30.00', quantity: '1' }),
    variant('print-f', 'print', 'Frame,Framed,,', '45.00'),
    variant('print-u', 'print', 'Frame,Unframed,,'),
  ])
  expect({ counts, bad }).toEqual({ counts: { rows: 7, created: 7, updated: 0, unchanged: 0, skipped: 0 }, bad: [] })
  expect([...(await readListings())]).toEqual([
    {
      sku: 'bell',
      price: '5.00',
      highest_price: null,
      quantity: 1,
      stock_by: 'product',
      has_variants: false,
      options: null,
      variants: null,
    },
    {
      sku: 'mug',
      price: '5.00',
      highest_price: '7.50',
      quantity: 3,
      stock_by: 'variant',
      has_variants: true,
      options: ['Color=Red/Blue', 'Size=S/L'],
      variants: ['mug-bl Blue/L 7.50 0', 'mug-rs Red/S 3'],
    },
    {
      sku: 'print',
      price: '30.00',
      highest_price: '45.00',
      quantity: 1,
      stock_by: 'product',
      has_variants: true,
      options: ['Frame=Framed/Unframed'],
      variants: ['print-f Framed 45.00', 'print-u Unframed'],
    },
  ])
})

const MUG = {
  sku: 'mug',
  shop: 'Velvet Fox',
  title: 'Mug',
  description: '',
  price: '5.00',
  quantity: 1,
  category: ['Home'],
  tags: [],
  images: [],
  is_vintage: false,
  created_at: '2026-01-31',
  options: [{ name: 'Color', values: ['Red'] }],
  variants: [{ sku: 'a', option_values: ['Red'], price: null, quantity: 2, images: [] }],
}

test('a new listing with variants is indexed once and written once', async () => {
  const [indexed, changed] = await database.sql.begin(async (sql) => {
    // PostgreSQL counts the previous transactions of a connection, too, until it reports them.
    const countChanges = async () =>
      (await sql<{ n: number }[]>`select n_tup_upd as n from pg_stat_xact_user_tables where relname = 'products'`)[0]?.n ?? 0
    await sql`delete from search_word_changes`
    const before = await countChanges()
    await sql`select * from import_products(${sql.json([MUG])})`
    const [words] = await sql`
      select count(*) filter (where listings > 0) as added, count(*) as written from search_word_changes`
    return [words, (await countChanges()) - before] as const
  })
  expect(indexed).toEqual({ added: 1, written: 1 })
  expect(changed).toBe(0)
  expect((await database.sql`select from product_search where in_stock`).count).toBe(1)
})

test('a second import keeps the ids of variants, changes those that differ, adds new ones and leaves the others', async () => {
  await importVariants([
    listing('mug'),
    variant('a', 'mug', 'Color,Red,,', '', '1'),
    variant('b', 'mug', 'Color,Blue,,', '', '2'),
    variant('c', 'mug', 'Color,Green,,', '', '3'),
    variant('d', 'mug', 'Color,White,,', '', '4'),
  ])
  await database.sql`update variants set archived_at = now() where sku = 'd'`
  const ids = await database.sql`select v.sku, v.id from variants v order by v.sku`
  const { counts } = await importVariants([
    listing('mug', { price: '6.00' }),
    variant('a', 'mug', 'Color,Red,,', '', '1'),
    variant('b', 'mug', 'Color,Blue,,', '9.00', '5'),
    variant('d', 'mug', 'Color,White,,', '1.00', '4'),
    variant('e', 'mug', 'Color,Black,,', '', '1'),
  ])
  expect(counts).toEqual({ rows: 5, created: 1, updated: 2, unchanged: 2, skipped: 0 })
  expect([...(await database.sql`select v.sku, v.id from variants v where v.sku <> 'e' order by v.sku`)]).toEqual([...ids])
  expect([...(await readListings())]).toEqual([
    {
      sku: 'mug',
      price: '6.00',
      highest_price: '9.00',
      quantity: 10,
      stock_by: 'variant',
      has_variants: true,
      options: ['Color=Red/Blue/Green/White/Black'],
      variants: ['a Red 1', 'b Blue 9.00 5', 'c Green 3', 'd White 4', 'e Black 1'],
    },
  ])
  const repeated = await importVariants([listing('mug', { price: '6.00' }), variant('b', 'mug', 'Color,Blue,,', '9.00', '5')])
  expect(repeated.counts).toEqual({ rows: 2, created: 0, updated: 0, unchanged: 2, skipped: 0 })
})

test('a bad variant is skipped by line and reason, and its listing comes with the others', async () => {
  const { counts, bad } = await importVariants([
    variant('v0', 'mug', 'Color,Red,,', '', '1'),
    listing('mug'),
    variant('v1', 'mug', 'Color,Red,,', '', '1'),
    variant('v2', 'mug', 'Color,Red,,', '', '1'),
    variant('v3', 'mug', 'Size,S,,', '', '1'),
    variant('v4', 'mug', 'Color,Blue,,'),
    variant('v1', 'mug', 'Color,Blue,,', '', '1'),
    variant('v5', 'cup', 'Color,Blue,,', '', '1'),
    variant('v6', 'mug', 'Color,,,', '', '1'),
    variant('v7', 'mug', 'Color,Blue,,', '0', '1'),
    variant('v8', 'mug', 'Color,Blue,,', '', '1'),
    variant('v9', 'mug', 'Color,Red,Size: EU,S', '', '1'),
  ])
  expect(counts).toEqual({ rows: 12, created: 3, updated: 0, unchanged: 0, skipped: 9 })
  expect(bad).toEqual([
    { line: 2, reason: 'parent_sku "mug" is not the listing above; the rows of its variants must follow it' },
    { line: 5, reason: 'a variant above is Red, too' },
    { line: 6, reason: 'its options are not those of the variants above: Color' },
    { line: 7, reason: 'quantity must be empty in all variants of a listing, or in none' },
    { line: 8, reason: 'sku "v1" is that of a variant above' },
    { line: 9, reason: 'parent_sku "cup" is not the listing above; the rows of its variants must follow it' },
    { line: 10, reason: 'option1_value is empty' },
    { line: 11, reason: 'price "0" is not above 0' },
    { line: 13, reason: 'option2_name has a colon' },
  ])
  expect((await readListings())[0]).toMatchObject({ variants: ['v1 Red 1', 'v8 Blue 1'] })
})

test('a bad listing row ends the listing above it, and a bad variant row does not', async () => {
  const { bad } = await importVariants([
    listing('mug', { shop: 'Wren & Willow' }),
    variant('w1', 'mug', 'Color,Red,,', '', '1'),
    variant('w2', 'mug', 'Color,Green,,', '0', '1'),
    variant('w3', 'mug', 'Color,Green,,', '', '1'),
    listing('mug', { title: '' }),
    variant('v1', 'mug', 'Color,Blue,,', '', '1'),
    listing('cup', { shop: 'Wren & Willow' }),
    'cup,too short',
    variant('v2', 'cup', 'Color,Blue,,', '', '1'),
  ])
  expect(bad).toEqual([
    { line: 4, reason: 'price "0" is not above 0' },
    { line: 6, reason: 'title is empty' },
    { line: 7, reason: 'parent_sku "mug" is not the listing above; the rows of its variants must follow it' },
    { line: 9, reason: 'the row has 2 values, the header 16' },
    { line: 10, reason: 'parent_sku "cup" is not the listing above; the rows of its variants must follow it' },
  ])
  expect((await readListings()).map(({ sku, variants }) => [sku, variants])).toEqual([
    ['cup', null],
    ['mug', ['w1 Red 1', 'w3 Green 1']],
  ])
})

test('names and values with line breaks differ where the breaks differ', async () => {
  const { bad } = await importVariants([
    listing('mug'),
    variant('a', 'mug', 'Color,"Red\nDark",Size,S', '', '1'),
    variant('b', 'mug', 'Color,Red,Size,"Dark\nS"', '', '1'),
    listing('cup'),
    variant('c', 'cup', '"Color\nSize",S,Cut,A', '', '1'),
    variant('d', 'cup', 'Color,S,"Size\nCut",B', '', '1'),
  ])
  expect(bad).toEqual([{ line: 10, reason: 'its options are not those of the variants above: Color\nSize, Cut' }])
  expect((await readListings())[1]).toMatchObject({ sku: 'mug', variants: ['a Red\nDark/S 1', 'b Red/Dark\nS 1'] })
})

test('a new variant with the sku of a variant of another listing is skipped with a reason', async () => {
  const cups = [listing('mug'), variant('a', 'mug', 'Color,Red,,'), listing('cup'), variant('a', 'cup', 'Color,Red,,')]
  const { counts, bad } = await importVariants([...cups, listing('mug', { shop: 'Wren & Willow' }), cups[1] as string])
  const reason = 'The sku "a" is that of a variant of another listing of the shop.'
  const refused = [
    { line: 4, reason },
    { line: 5, reason: `its listing was skipped: ${reason}` },
  ]
  expect(bad).toEqual(refused)
  expect(counts).toMatchObject({ created: 4, skipped: 2 })
  expect((await importVariants(cups)).bad).toEqual(refused)
})

test('options that differ by upper and lower case alone are skipped with a reason', async () => {
  await importVariants([listing('mug'), variant('a', 'mug', 'Size,S,,')])
  const { bad } = await importVariants([
    listing('mug'),
    variant('b', 'mug', 'Size,s,,'),
    listing('cup'),
    variant('c', 'cup', 'Size,S,size,L'),
    listing('bell'),
  ])
  const [values, names] = ['An option has 1 to 70 different values.', 'The two options need different names.'].map(
    (rule) => `${rule} Upper and lower case are equal.`,
  )
  expect(bad).toEqual([
    { line: 2, reason: values },
    { line: 3, reason: `its listing was skipped: ${values}` },
    { line: 4, reason: names },
    { line: 5, reason: `its listing was skipped: ${names}` },
  ] as BadRow[])
  expect((await readListings()).map(({ sku }) => sku)).toEqual(['bell', 'mug'])
})

test('new values that make more than 70 with those of the listing are skipped with a reason', async () => {
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => variant(`v${from + n}`, 'mug', `Size,${from + n},,`, '', '1'))
  expect((await importVariants([listing('mug'), ...rows(0, 70)])).bad).toEqual([])
  const { bad } = await importVariants([listing('mug'), ...rows(70, 71)])
  expect(bad[0]).toEqual({ line: 2, reason: 'An option has 1 to 70 different values. Upper and lower case are equal.' })
})

test('a listing that the database rejects is skipped with its variants', async () => {
  await importVariants([listing('mug'), variant('a', 'mug', 'Color,Red,,', '', '1')])
  const { counts, bad } = await importVariants([
    listing('mug'),
    variant('a', 'mug', 'Size,S,,', '', '1'),
    listing('bell'),
    listing('cup'),
    variant('bell', 'cup', 'Size,S,,', '', '1'),
  ])
  expect(counts).toEqual({ rows: 5, created: 1, updated: 0, unchanged: 0, skipped: 4 })
  expect(bad).toEqual([
    { line: 2, reason: 'The variants of the listing have other options: Color.' },
    { line: 3, reason: 'its listing was skipped: The variants of the listing have other options: Color.' },
    { line: 5, reason: 'Another item of the shop already has this sku.' },
    { line: 6, reason: 'its listing was skipped: Another item of the shop already has this sku.' },
  ])
})

/** Puts a line on the variant, or on a listing without variants, into a new cart. `held` in minutes from now; null: no hold. */
async function putLine(sku: string, held: number | null) {
  await database.sql`
    with buyer as (
      insert into users (email, password, display_name) values (${`${crypto.randomUUID()}@x.example`}, '*', 'Ann') returning id
    ), item as (
      select v.product_id, v.id as variant_id, case when v.quantity is not null then v.id end as stock_id
      from variants v where v.sku = ${sku}
      union all
      select p.id, null, null from products p where p.sku = ${sku}
    )
    insert into cart_items (user_id, product_id, variant_id, stock_variant_id, reserved_until)
    select b.id, i.product_id, i.variant_id, i.stock_id, now() + ${held}::integer * interval '1 minute' from buyer b, item i`
}

const readLines = () =>
  database.sql`
  select v.sku, s.sku as stock, ci.reserved_until > now() as is_held
  from cart_items ci left join variants v on v.id = ci.variant_id left join variants s on s.id = ci.stock_variant_id
  order by v.sku, ci.id`.then((rows) => [...rows])

const HELD = 'A buyer holds the item. Repeat the change after reserved_until.'
const print = (quantities: [string, string] = ['', ''], colors = ['Red', 'Blue']) => [
  listing('print'),
  variant('a', 'print', `Color,${colors[0]},,`, '', quantities[0]),
  variant('b', 'print', `Color,${colors[1]},,`, '', quantities[1]),
]

test.each<[string, string[], string[], string[]]>([
  ['gives each variant a stock', print(), ['a'], print(['2', '2'])],
  ['makes the variants share a stock', print(['1', '1']), ['a', 'b'], print()],
  ['adds the first variants', [listing('print')], ['print'], print()],
  ['changes the values', print(), ['b'], print(['', ''], ['Red', 'Green'])],
])('an import that %s skips a listing that a buyer holds, and takes the others', async (_what, before, held, after) => {
  await importVariants(before)
  for (const sku of held) await putLine(sku, 10)
  const lines = await readLines()
  const { counts, bad } = await importVariants([...after, listing('bell')])
  const skipped = `its listing was skipped: ${HELD}`
  expect(bad).toEqual([
    { line: 2, reason: HELD },
    { line: 3, reason: skipped },
    { line: 4, reason: skipped },
  ])
  expect(counts).toMatchObject({ created: 1, skipped: 3 })
  expect(await readLines()).toEqual(lines)
  // The price of a held listing can change.
  expect((await importVariants([listing('print', { price: '6.00' }), ...before.slice(1)])).counts).toMatchObject({ updated: 1 })
})

test('cart lines take the stock that a listing has after an import, and lapsed holds end', async () => {
  await importVariants(print())
  await putLine('a', -1)
  await putLine('b', null)
  expect((await importVariants(print(['1', '1']))).bad).toEqual([])
  expect(await readLines()).toEqual([{ sku: 'b', stock: 'b', is_held: null }])
  expect(await importVariants(print())).toMatchObject({ bad: [] })
  expect(await readLines()).toEqual([{ sku: 'b', stock: null, is_held: null }])
})

test('variants that swap their values are skipped with a reason', async () => {
  await importVariants(print())
  const { bad, counts } = await importVariants([...print(['', ''], ['Blue', 'Red']), listing('bell')])
  expect(bad[0]).toEqual({
    line: 2,
    reason: expect.stringMatching(
      /^The listing already has a variant (Red with the sku a|Blue with the sku b)\. Archive that one or change its values first\.$/,
    ),
  })
  expect(counts).toMatchObject({ created: 1, skipped: 3 })
  const taken = await importVariants([listing('print'), variant('c', 'print', 'Color,Red,,')])
  expect(taken.bad[0]?.reason).toContain('a variant Red with the sku a')
})

test('an import waits for no listing that it has not locked, also if a sale made it differ meanwhile', async () => {
  const listingOf = (sku: string, price: string) => ({
    ...MUG,
    sku,
    price,
    variants: [{ ...MUG.variants[0], sku: `${sku}-1` }],
  })
  const send = (sql: Sql, price: string) =>
    sql`select from import_products(${sql.json([listingOf('cup', price), listingOf('mug', '5.00')])})`
  await send(database.sql, '5.00')
  const rivals = await openRivals(database.url, 3)
  const [holding, importing, buying] = rivals.all as [Rival, Rival, Rival]
  try {
    await holding.sql`begin`
    await holding.sql`select from products where sku = 'cup' for no key update`
    await importing.sql`set statement_timeout = '5s'`
    const imported = outcomeOf(send(importing.sql, '6.00'))
    await untilBlocked(database.sql, importing)
    await database.sql`update variants set quantity = 4 where sku = 'mug-1'`
    await buying.sql`begin`
    await buying.sql`select from products where sku = 'mug' for no key update`
    await holding.sql`commit`
    expect(await imported).toBe('done')
    expect(await outcomeOf(buying.sql`update variants set quantity = 3 where sku = 'mug-1'`)).toBe('done')
    await buying.sql`commit`
  } finally {
    await rivals.close()
  }
  expect([...(await readListings())]).toMatchObject([{ price: '6.00' }, { quantity: 3 }])
})

test('a listing that is not imported with variants takes the price and quantity of the file as before', async () => {
  await importVariants([
    listing('mug'),
    variant('a', 'mug', 'Color,Red,,', '4.00', '7'),
    variant('b', 'mug', 'Color,Blue,,', '', '1'),
  ])
  const { counts } = await importFile([row('mug', { price: '8.00', quantity: '5' })])
  expect(counts).toMatchObject({ updated: 1 })
  expect((await readListings())[0]).toMatchObject({ price: '4.00', highest_price: '8.00', quantity: 8 })
})
