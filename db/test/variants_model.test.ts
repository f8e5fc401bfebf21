/** What a listing shows of its variants equals its variants, after any calls and with any concurrent callers. */
import { describe, expect, test } from 'bun:test'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const owner = await db.makeUser()
const shop = await db.makeShop({ owner_id: owner })

type Body = Record<string, unknown>
type Sql = typeof db.sql

const VALUES = ['S', 'M', 'L', 'XL', 'XXL']
const OPTIONS = [{ name: 'Size', values: VALUES }]
const list = (product: Body) =>
  db.json`select body from list_product(${shop}, ${owner}, ${db.sql.json({ title: 'Shirt', price: '20', options: OPTIONS, ...product } as never)})`
const change = (sql: Sql, id: number, changes: Body, versions: string[] | null = null) =>
  sql`select from update_variant(${id}, ${owner}, ${sql.json(changes as never)}, ${versions})`
const update = (id: number, changes: Body) =>
  db.sql`select from update_product(${id}, ${owner}, ${db.sql.json(changes as never)})`
const add = (sql: Sql, id: number, variant: Body) => sql`select from add_variant(${id}, ${owner}, ${sql.json(variant as never)})`

/** The listings of the shop that show something else than their variants say. */
const wrongListings = () => db.rows`
  select p.id, p.price, p.highest_price, p.quantity, p.stock_by, p.has_variants
  from products p
  cross join lateral (
    select count(*) as variants, count(v.quantity) as stocks, sum(v.quantity) as quantity,
      min(coalesce(v.price, p.base_price)) as lowest, max(coalesce(v.price, p.base_price)) as highest
    from variants v where v.product_id = p.id and v.archived_at is null
  ) s
  where p.shop_id = ${shop}
    and (
      p.has_variants <> (s.variants > 0) or p.stock_by <> case when s.stocks > 0 then 'variant' else 'product' end
      or s.stocks not in (0, s.variants) or s.quantity <> p.quantity
      or s.variants > 0 and (p.price, p.highest_price) is distinct from (s.lowest, s.highest)
    )`

/** The same numbers in every run. */
function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

test.each([1, 2, 3])('price, highest price, quantity and stock_by after random calls (seed %d)', async (seed) => {
  const random = randomOf(seed)
  const { id } = await list({ variants: [{ option_values: ['S'] }] })
  const done: Record<string, number> = {}
  for (let n = 0; n < 120; n++) {
    const variants = await db.rows<{ id: number }>`
      select id from variants where product_id = ${id} and archived_at is null order by id`
    const some = variants[random(variants.length)]?.id ?? 0
    const price = random(2) ? `${1 + random(40)}` : null
    const option_values = [VALUES[random(VALUES.length)] as string]
    const variant_quantities = variants.map((variant) => ({ variant_id: variant.id, quantity: random(5) }))
    const calls: [string, () => PromiseLike<unknown>][] = [
      ['add', () => add(db.sql, id, { option_values, price })],
      ['add', () => add(db.sql, id, { option_values, price, quantity: random(5) })],
      ['price', () => change(db.sql, some, { price })],
      ['values', () => change(db.sql, some, { option_values })],
      ['stock', () => db.sql`select from set_variant_quantity(${some}, ${owner}, ${random(5)}, null)`],
      ['archive', () => db.sql`select archive_variant(${some}, ${owner})`],
      ['base price', () => update(id, { price: `${1 + random(40)}` })],
      ['own stocks', () => update(id, { stock_by: 'variant', variant_quantities })],
      ['one stock', () => update(id, { stock_by: 'product', quantity: random(9) })],
      ['quantity', () => update(id, { quantity: random(9) })],
    ]
    const [name, call] = calls[random(calls.length)] as (typeof calls)[number]
    const outcome = await outcomeOf(call())
    expect(['done', 'SWINV', 'SWNTF']).toContain(outcome)
    if (outcome === 'done') done[name] = (done[name] ?? 0) + 1
    expect(await wrongListings()).toEqual([])
  }
  expect(Object.keys(done).length).toBeGreaterThan(6)
})

test('a sale by plain SQL changes the sum of its listing', async () => {
  const { id, variants } = await list({
    stock_by: 'variant',
    variants: ['S', 'M'].map((value) => ({ option_values: [value], quantity: 2 })),
  })
  await db.sql`update variants set quantity = quantity - 1 where id = ${variants[0].id}`
  expect(await db.value`select quantity from products where id = ${id}`).toBe(3)
})

describe('the tables refuse', () => {
  const WRONG: [string, string, string][] = [
    ['a value that its option does not have', 'SWINV', "update variants set option_values = '{Tiny}' where id = $id"],
    ['two values for one option', 'SWINV', "update variants set option_values = '{S,M}' where id = $id"],
    ['a quantity for one variant of several', 'SWINV', 'update variants set quantity = 1 where id = $id'],
    ['another listing', 'SWAPP', 'update variants set product_id = $plain_id where id = $id'],
    ['the same values twice', '23505', "update variants set option_values = '{M}' where id = $id"],
    ['stock below zero', '23514', 'update variants set quantity = -1 where product_id = $product_id'],
    ['no price', '23514', 'update variants set price = 0 where id = $id'],
    [
      'options without the values of variants',
      'SWINV',
      "update product_options set option_values = '{L}' where product_id = $product_id",
    ],
    ['no options', 'SWINV', 'delete from product_options where product_id = $product_id'],
    [
      'the sku of its listing',
      'SWSKU',
      'update variants v set sku = p.sku from products p where p.id = v.product_id and v.id = $id',
    ],
    ['stock by variant without variants', '23514', "update products set stock_by = 'variant' where id = $plain_id"],
    ['a highest price below the price', '23514', 'update products set highest_price = 0.5 where id = $product_id'],
  ]
  test.each(WRONG)('%s', async (_what, code, statement) => {
    const sku = crypto.randomUUID()
    const product = await list({ sku, variants: [{ option_values: ['S'] }, { option_values: ['M'] }] })
    const ids = { id: product.variants[0].id, product_id: product.id, plain_id: (await list({})).id }
    const filled = statement.replace(/\$(\w+)/g, (_, name) => String(ids[name as keyof typeof ids]))
    expect(await refusalOf(db.sql.unsafe(filled))).toMatchObject({ code })
  })

  test('a variant of the shop of another listing', async () => {
    const { id } = await list({})
    const other = await db.makeShop()
    const insert = db.sql`insert into variants (product_id, shop_id, option_values) values (${id}, ${other}, '{S}')`
    expect(await refusalOf(insert)).toMatchObject({ code: 'SWINV' })
  })
})

describe('races', () => {
  test('of two changes with one version, one wins', async () => {
    const { variants } = await list({ variants: [{ option_values: ['S'] }] })
    const [{ id }] = variants
    const version = await db.value<string>`select row_version(xmin, updated_at) from variants where id = ${id}`
    const late = db.interleave(
      (sql) => change(sql, id, { price: '3' }, [version]),
      (sql) => outcomeOf(change(sql, id, { price: '4' }, [version])),
    )
    expect(await late).toBe('SWVER')
    expect(await db.value`select price::text from variants where id = ${id}`).toBe('3.00')
  })

  test('of two variants: the listing shows both', async () => {
    const { id, variants } = await list({ variants: [{ option_values: ['S'] }, { option_values: ['M'] }] })
    await db.interleave(
      (sql) => change(sql, variants[0].id, { price: '1' }),
      (sql) => outcomeOf(change(sql, variants[1].id, { price: '99' })),
    )
    const shown = await db.rows`select price::text, highest_price::text from products where id = ${id}`
    expect(shown).toEqual([{ price: '1.00', highest_price: '99.00' }])
  })

  test('of plain SQL on two variants: the listing shows the sum', async () => {
    const variants = ['S', 'M'].map((value) => ({ option_values: [value], quantity: 1 }))
    const product = await list({ stock_by: 'variant', variants })
    const [small, medium] = product.variants
    await db.interleave(
      (sql) => sql`update variants set quantity = 5 where id = ${small.id}`,
      (sql) => outcomeOf(sql`update variants set quantity = 7 where id = ${medium.id}`),
    )
    expect(await db.value`select quantity from products where id = ${product.id}`).toBe(12)
  })

  test('for one sku, between a variant and a listing, either way: one gets it', async () => {
    const { id } = await list({ variants: [{ option_values: ['S'] }] })
    const variant = (sku: string, value: string) => (sql: Sql) => outcomeOf(add(sql, id, { option_values: [value], sku }))
    const listing = (sku: string) => (sql: Sql) =>
      outcomeOf(sql`select from list_product(${shop}, ${owner}, ${sql.json({ title: 'Mug', price: '5', sku })})`)
    const renamed = (await list({})).id
    const rename = (sku: string) => (sql: Sql) =>
      outcomeOf(sql`select from update_product(${renamed}, ${owner}, ${sql.json({ sku })})`)
    expect(await db.interleave(variant('RACE-1', 'M'), listing('RACE-1'))).toBe('SWSKU')
    expect(await db.interleave(listing('RACE-2'), variant('RACE-2', 'L'))).toBe('SWSKU')
    expect(await db.interleave(variant('RACE-3', 'XL'), rename('RACE-3'))).toBe('SWSKU')
    expect(await db.interleave(rename('RACE-4'), variant('RACE-4', 'XXL'))).toBe('SWSKU')
  })
})
