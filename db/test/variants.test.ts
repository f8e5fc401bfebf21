/** Listings with options and variants. */
import { describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const owner = await db.makeUser()
const shop = await db.makeShop({ owner_id: owner, name: 'Prints' })

type Body = Record<string, unknown>

const list = (product: Body) => db.json`select body from list_product(${shop}, ${owner}, ${db.sql.json(product as never)})`

const SIZES = { name: 'Size', values: ['S', 'M'] }
const COLORS = { name: 'Color', values: ['Blue', 'Red'] }
const SHIRT = { title: 'Shirt', price: '20', options: [SIZES, COLORS] }
const of = (...option_values: string[]) => ({ option_values })

describe('list_product', () => {
  test('lists one painting, framed or unframed, with one stock', async () => {
    const painting = await list({
      title: 'Painting',
      price: '80',
      options: [{ name: 'Frame', values: ['Without', 'Oak'] }],
      variants: [{ ...of('Oak'), price: '95.5', sku: 'OAK', images: ['https://x.example/oak.jpg'] }, of('Without')],
    })
    expect(painting).toMatchObject({
      price: '80.00',
      price_max: '95.50',
      quantity: 1,
      stock_by: 'product',
      options: [{ name: 'Frame', values: ['Without', 'Oak'] }],
      variants: [
        { ...of('Without'), price: '80.00', sku: null, quantity: null, images: [], product_id: painting.id },
        { ...of('Oak'), price: '95.50', sku: 'OAK', quantity: null, images: ['https://x.example/oak.jpg'] },
      ],
      personalization: null,
    })
  })

  test('sums the stock of variants that have their own', async () => {
    const variants = [
      { ...of('S', 'Red'), quantity: 2, price: '18' },
      { ...of('M', 'Blue'), quantity: 0 },
    ]
    const shirt = await list({ ...SHIRT, stock_by: 'variant', variants })
    expect(shirt).toMatchObject({
      price: '18.00',
      price_max: '20.00',
      quantity: 2,
      stock_by: 'variant',
      variants: [{ ...variants[0], price: '18.00' }, variants[1]],
    })
  })

  test('lists a product without variants as before', async () => {
    const personalization = { instructions: 'A name', is_required: true, max_length: 20 }
    const mug = await list({ title: 'Mug', price: '5', personalization })
    expect(mug).toMatchObject({
      price: '5.00',
      price_max: '5.00',
      options: [],
      variants: [],
      stock_by: 'product',
      personalization,
    })
    expect(await list({ title: 'Mug', price: '5', options: [SIZES] })).toMatchObject({ options: [SIZES], variants: [] })
  })

  const WRONG: [string, Body][] = [
    ['options', { variants: [of('S')], options: [] }],
    ['options', { options: [SIZES, COLORS, { name: 'Cut', values: ['A'] }] }],
    ['options/1/name', { options: [SIZES, SIZES] }],
    ['options/1/name', { options: [SIZES, { name: 'Color: inside', values: ['Blue'] }] }],
    ['options/0/values', { options: [{ name: 'Size', values: ['S', 'S'] }] }],
    ['options/1/name', { options: [SIZES, { ...SIZES, name: 'size' }] }],
    ['options/0/values', { options: [{ name: 'Size', values: ['S', 'M', 's'] }] }],
    ['options/1/values', { options: [SIZES, { name: 'Color', values: ['Red', 'red'] }] }],
    ['options/0/values', { options: [{ name: 'Size', values: [] }] }],
    ['options/0/values', { options: [{ name: 'Size', values: Array.from({ length: 71 }, (_, n) => `${n}`) }] }],
    ['variants/0/option_values', { variants: [of('S')] }],
    ['variants/1/option_values', { variants: [of('S', 'Red'), of('S', 'Red', 'X')] }],
    ['variants/1/option_values/1', { variants: [of('S', 'Red'), of('S', 'Green')] }],
    ['variants/1/option_values', { variants: [of('S', 'Red'), of('S', 'Red')] }],
    ['variants/0/quantity', { variants: [of('S', 'Red')], stock_by: 'variant' }],
    ['variants/0/quantity', { variants: [{ ...of('S', 'Red'), quantity: 1 }] }],
    ['quantity', { variants: [{ ...of('S', 'Red'), quantity: 1 }], stock_by: 'variant', quantity: 1 }],
    ['stock_by', { stock_by: 'variant' }],
    ['variants', { variants: Array.from({ length: 401 }, () => of('S', 'Red')) }],
  ]
  test.each(WRONG)('refuses a wrong %s', async (field, product) => {
    expect(await refusalOf(list({ ...SHIRT, ...product }))).toMatchObject({ code: 'SWINV', detail: { field } })
  })

  test('refuses more than 400 pictures of variants', async () => {
    const images = Array.from({ length: 10 }, (_, n) => `https://x.example/${n}.jpg`)
    const options = [{ name: 'No', values: Array.from({ length: 41 }, (_, n) => `${n}`) }]
    const variants = (count: number) => Array.from({ length: count }, (_, n) => ({ ...of(`${n}`), images }))
    await list({ ...SHIRT, options, variants: variants(40) })
    const refused = { code: 'SWINV', detail: { field: 'variants' } }
    expect(await refusalOf(list({ ...SHIRT, options, variants: variants(41) }))).toMatchObject(refused)
  })

  test('a variant with a picture too many names its images', async () => {
    const images = Array.from({ length: 10 }, (_, n) => `https://x.example/${n}.jpg`)
    const options = [{ name: 'No', values: Array.from({ length: 41 }, (_, n) => `${n}`) }]
    const { id, variants } = await list({
      ...SHIRT,
      options,
      variants: Array.from({ length: 40 }, (_, n) => ({ ...of(`${n}`), images: n ? images : images.slice(1) })),
    })
    const one = images.slice(0, 1)
    const [first, second] = variants
    expect(await refusalOf(add(id, { ...of('40'), images: images.slice(0, 2) }))).toMatchObject(refused('images'))
    await add(id, { ...of('40'), images: one })
    expect(await refusalOf(change(first.id, { images }))).toMatchObject(refused('images'))
    expect(await change(second.id, { images })).toMatchObject({ images })
    await change(second.id, { images: images.slice(1) })
    expect(await change(first.id, { images })).toMatchObject({ images })
  })

  test('an sku is unique among the listings and variants of a shop', async () => {
    const refused = (field: string) => ({ code: 'SWSKU', detail: { field } })
    const [small, medium] = [of('S', 'Red'), of('M', 'Red')]
    await list({ ...SHIRT, sku: 'A', variants: [{ ...small, sku: 'A-S' }] })
    expect(await refusalOf(list({ ...SHIRT, sku: 'A-S' }))).toMatchObject(refused('sku'))
    const taken = [small, { ...medium, sku: 'A' }]
    expect(await refusalOf(list({ ...SHIRT, variants: taken }))).toMatchObject(refused('variants/1/sku'))
    const twice = [
      { ...small, sku: 'B' },
      { ...medium, sku: 'B' },
    ]
    expect(await refusalOf(list({ ...SHIRT, variants: twice }))).toMatchObject(refused('variants/1/sku'))
    const own = [{ ...small, sku: 'B' }]
    expect(await refusalOf(list({ ...SHIRT, sku: 'B', variants: own }))).toMatchObject(refused('variants/0/sku'))
  })
})

test('lists of products show variants: null for a listing with some, and [] for others', async () => {
  const other = await db.makeShop({ owner_id: owner })
  await db.sql`select from list_product(${other}, ${owner}, ${db.sql.json({ ...SHIRT, variants: [of('S', 'Red')] })})`
  await db.sql`select from list_product(${other}, ${owner}, ${db.sql.json({ title: 'Mug', price: '5' })})`
  const [lists] = await db.rows<{ bodies: Body[] }>`
    select jsonb_agg(shown_product_json(p, s, false) order by p.id) as bodies from products p join shops s on s.id = p.shop_id where s.id = ${other}`
  expect(lists?.bodies.map((body) => [body.options, body.variants])).toEqual([
    [[SIZES, COLORS], null],
    [[], []],
  ])
})

const add = (product_id: number, variant: Body, user_id = owner) =>
  db.json`select body from add_variant(${product_id}, ${user_id}, ${db.sql.json(variant as never)})`
const update = (product_id: number, changes: Body) =>
  db.json`select body from update_product(${product_id}, ${owner}, ${db.sql.json(changes as never)})`
const change = (variant_id: number, changes: Body, user_id = owner, versions: string[] | null = null) =>
  db.json`select body from update_variant(${variant_id}, ${user_id}, ${db.sql.json(changes as never)}, ${versions})`
const setStock = (variant_id: number, quantity: number, versions: string[] | null = null) =>
  db.json`select body from set_variant_quantity(${variant_id}, ${owner}, ${quantity}, ${versions})`
const archive = (variant_id: number, user_id = owner) => db.sql`select archive_variant(${variant_id}, ${user_id})`
const pageOf = (id: number) =>
  db.json`select product_json(p, s) from products p join shops s on s.id = p.shop_id where p.id = ${id}`
const versionOf = (id: number) => db.value<string>`select row_version(xmin, updated_at) from variants where id = ${id}`
const hold = async (product_id: number, variant_id: number | null) => db.sql`
  insert into cart_items (user_id, product_id, variant_id, reserved_until)
  values (${await db.makeUser()}, ${product_id}, ${variant_id}, now() + interval '10 minutes')`
const refused = (field: string) => ({ code: 'SWINV', detail: { field } })

const shared = (...variants: Body[]) => list({ ...SHIRT, options: [SIZES], variants })
const stocked = (...variants: Body[]) => list({ ...SHIRT, options: [SIZES], stock_by: 'variant', variants })

describe('add_variant', () => {
  test('makes a listing one with variants, at the price that it had', async () => {
    const { id } = await list({ ...SHIRT, options: [SIZES], quantity: 3 })
    const small = await add(id, { ...of('S'), price: '30' })
    expect(small).toMatchObject({ product_id: id, price: '30.00', quantity: null })
    expect(await pageOf(id)).toMatchObject({ price: '30.00', price_max: '30.00', quantity: 3, variants: [small] })
    const medium = await add(id, of('M'))
    expect(await pageOf(id)).toMatchObject({ price: '20.00', price_max: '30.00', variants: [small, medium] })
  })

  test('refuses a stranger, a wrong variant, a second one of the same values, and a sku in use', async () => {
    const { id } = await shared({ ...of('S'), sku: 'ADD-1' })
    expect(await refusalOf(add(id, of('M'), await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(add(999_999, of('M')))).toMatchObject({ code: 'SWNTF' })
    expect(await refusalOf(add(id, of('XL')))).toMatchObject(refused('option_values/0'))
    expect(await refusalOf(add(id, of('S')))).toMatchObject(refused('option_values'))
    expect(await refusalOf(add(id, { ...of('M'), quantity: 1 }))).toMatchObject(refused('quantity'))
    expect(await refusalOf(add(id, { ...of('M'), sku: 'ADD-1' }))).toMatchObject({ code: 'SWSKU', detail: { field: 'sku' } })
    expect(await refusalOf(add((await list({ title: 'Mug', price: '5' })).id, of('S')))).toMatchObject(refused('options'))
  })

  test('refuses the first variant while a buyer holds the listing', async () => {
    const { id } = await list({ ...SHIRT, options: [SIZES] })
    await hold(id, null)
    const refusal = await refusalOf(add(id, of('S')))
    expect(refusal).toMatchObject({ code: 'SWHLD', detail: { product_id: id } })
    expect(Date.parse(refusal.detail.reserved_until as string)).toBeGreaterThan(Date.now())
  })
})

describe('update_variant', () => {
  test('changes the sent fields of one variant, and keeps its id', async () => {
    const { id, variants } = await shared({ ...of('S'), sku: 'UP-1', price: '25' }, of('M'))
    const [small, medium] = variants
    const images = ['https://x.example/s.jpg']
    expect(await change(small.id, { price: null, images })).toEqual({ ...small, price: '20.00', own_price: null, images })
    expect(await change(small.id, { sku: 'UP-1' })).toMatchObject({ sku: 'UP-1' })
    expect(await change(small.id, { sku: null, price: '7' })).toMatchObject({ sku: null, price: '7.00' })
    expect(await pageOf(id)).toMatchObject({ price: '7.00', price_max: '20.00', variants: [{ id: small.id }, medium] })
  })

  test('refuses a stranger, an old version, values of another variant and an sku in use', async () => {
    const { variants } = await shared({ ...of('S'), sku: 'UP-2' }, of('M'))
    const [small, medium] = variants
    const version = await versionOf(small.id)
    expect(await refusalOf(change(small.id, { price: '1' }, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    expect(await refusalOf(change(999_999, { price: '1' }))).toMatchObject({ code: 'SWNTF' })
    await change(small.id, { price: '1' }, owner, [version])
    expect(await refusalOf(change(small.id, { price: '1' }, owner, [version]))).toMatchObject({ code: 'SWVER' })
    expect(await refusalOf(change(medium.id, of('S')))).toMatchObject(refused('option_values'))
    expect(await refusalOf(change(medium.id, { quantity: 1 }))).toMatchObject(refused('quantity'))
    expect(await refusalOf(change(medium.id, { sku: 'UP-2' }))).toMatchObject({ code: 'SWSKU' })
  })

  test('keeps the values of a variant that a buyer holds; its price can change', async () => {
    const { id, variants } = await shared(of('S'))
    await hold(id, variants[0].id)
    expect(await refusalOf(change(variants[0].id, of('M')))).toMatchObject({ code: 'SWHLD' })
    expect(await change(variants[0].id, { ...of('S'), price: '3' })).toMatchObject({ price: '3.00' })
  })

  test('changes the version of the listing too', async () => {
    const { id, variants } = await shared(of('S'))
    const version = await db.value<string>`select row_version(xmin, updated_at) from products where id = ${id}`
    await change(variants[0].id, { images: ['https://x.example/s.jpg'] })
    const late = db.sql`select lock_own_product(${id}, ${owner}, ${[version]})`
    expect(await refusalOf(late)).toMatchObject({ code: 'SWVER' })
  })
})

test('a variant has a processing profile of its shop, or that of its listing', async () => {
  const profile = (shop_id: number) => db.value<number>`
    insert into processing_profiles (shop_id, name, readiness, days_min, days_max)
    values (${shop_id}, 'Slow', 'ready_to_ship', 1, 9) returning id`
  const [own, strange] = [await profile(shop), await profile(await db.makeShop())]
  const { id, variants } = await shared({ ...of('S'), processing_profile_id: own })
  expect(variants).toMatchObject([{ processing_profile_id: own }])
  expect(await change(variants[0].id, { processing_profile_id: null })).toMatchObject({ processing_profile_id: null })
  expect(await add(id, { ...of('M'), processing_profile_id: own })).toMatchObject({ processing_profile_id: own })
  const wrong = { processing_profile_id: strange }
  expect(await refusalOf(change(variants[0].id, wrong))).toMatchObject(refused('processing_profile_id'))
  const second = shared({ ...of('S'), processing_profile_id: own }, { ...of('M'), ...wrong })
  expect(await refusalOf(second)).toMatchObject(refused('variants/1/processing_profile_id'))
})

describe('set_variant_quantity', () => {
  test('sets the stock of one variant, if it has the version; the listing shows the sum', async () => {
    const { id, variants } = await stocked({ ...of('S'), quantity: 1 }, { ...of('M'), quantity: 2 })
    const version = await versionOf(variants[0].id)
    expect(await setStock(variants[0].id, 5, [version])).toEqual({
      variant_id: variants[0].id,
      product_id: id,
      stock_by: 'variant',
      quantity: 5,
    })
    expect(await pageOf(id)).toMatchObject({ quantity: 7 })
    const late = refusalOf(setStock(variants[0].id, 6, [version]))
    expect(await late).toMatchObject({ code: 'SWVER', detail: { quantity: 5 } })
  })

  test('refuses a quantity of a listing that is a sum, and of a variant that has none', async () => {
    const own = await stocked({ ...of('S'), quantity: 1 })
    expect(await refusalOf(update(own.id, { quantity: 3 }))).toMatchObject(refused('quantity'))
    const set = db.sql`select from set_quantity(${own.id}, ${owner}, 3, null)`
    expect(await refusalOf(set)).toMatchObject(refused('quantity'))
    const one = await shared(of('S'))
    expect(await refusalOf(setStock(one.variants[0].id, 3))).toMatchObject(refused('quantity'))
  })
})

describe('archive_variant', () => {
  test('refuses a stranger and a held variant, and leaves one stock after the last', async () => {
    const { id, variants } = await stocked({ ...of('S'), quantity: 1, sku: 'AR-1', price: '9' }, { ...of('M'), quantity: 2 })
    const [small, medium] = variants
    await hold(id, small.id)
    expect(await refusalOf(archive(small.id))).toMatchObject({ code: 'SWHLD' })
    await archive(medium.id)
    expect(await pageOf(id)).toMatchObject({ price: '9.00', price_max: '9.00', quantity: 1, variants: [{ id: small.id }] })
    await db.sql`delete from cart_items where product_id = ${id}`
    expect(await refusalOf(archive(small.id, await db.makeUser()))).toMatchObject({ code: 'SWOWN' })
    await archive(small.id)
    const plain = { price: '20.00', price_max: '20.00', quantity: 1, stock_by: 'product', variants: [], options: [SIZES] }
    expect(await pageOf(id)).toMatchObject(plain)
    expect(await refusalOf(archive(small.id))).toMatchObject({ code: 'SWNTF' })
    // Its values and its sku are free again.
    expect((await add(id, { ...of('S'), sku: 'AR-1' })).id).not.toBe(small.id)
  })
})

describe('update_product of a listing with variants', () => {
  test('changes the price of the variants without their own', async () => {
    const { id } = await shared({ ...of('S'), price: '25' }, of('M'))
    expect(await update(id, { price: '30' })).toMatchObject({
      price: '25.00',
      price_max: '30.00',
      base_price: '30.00',
      variants: [
        { price: '25.00', own_price: '25.00' },
        { price: '30.00', own_price: null },
      ],
    })
  })

  test('a price comes back as it was read and changes nothing, of the listing and of a variant', async () => {
    const { id } = await shared({ ...of('S'), price: '10' }, of('M'))
    const read = await pageOf(id)
    const prices = { price: '10.00', price_max: '20.00', base_price: '20.00', variants: read.variants }
    expect(read).toMatchObject(prices)
    expect(await update(id, { title: 'Shirts', price: read.price })).toMatchObject(prices)
    expect(await update(id, { price: '10', base_price: read.base_price })).toMatchObject(prices)
    for (const variant of read.variants) expect(await change(variant.id, { price: variant.price })).toEqual(variant)
    // So the second variant still has the price of the listing.
    expect(await update(id, { price: read.price, base_price: '10' })).toMatchObject({
      price: '10.00',
      price_max: '10.00',
      base_price: '10.00',
      variants: [{ own_price: '10.00' }, { price: '10.00', own_price: null }],
    })
    expect(await update(id, { price: '8', base_price: '10.00' })).toMatchObject({ price: '8.00', base_price: '8.00' })
  })

  test('a base_price is of a listing with variants alone', async () => {
    const { id, base_price } = await list({ title: 'Mug', price: '5' })
    expect(base_price).toBeNull()
    expect(await refusalOf(update(id, { base_price: '6' }))).toMatchObject(refused('base_price'))
    expect(await update(id, { price: '5.00' })).toMatchObject({ price: '5.00' })
    expect(await update(id, { price: '6', base_price })).toMatchObject({ price: '6.00', base_price: null })
  })

  test('renames, adds, reorders and removes options and values that no variant has', async () => {
    const { id } = await shared(of('S'), of('M'))
    const options = [{ name: 'Fit', values: ['XL', 'M', 'S'] }]
    expect(await update(id, { options })).toMatchObject({ options, variants: [of('M'), of('S')] })
    expect(await refusalOf(update(id, { options: [SIZES, SIZES] }))).toMatchObject(refused('options/1/name'))
    const without = { options: [{ name: 'Fit', values: ['S'] }] }
    expect(await refusalOf(update(id, without))).toMatchObject(refused('options/0/values'))
    expect(await refusalOf(update(id, { options: [] }))).toMatchObject(refused('options'))
    expect(await update(id, { options: [SIZES, COLORS] })).toMatchObject({ variants: [of('S', 'Blue'), of('M', 'Blue')] })
    const swapped = [COLORS, SIZES]
    expect(await refusalOf(update(id, { options: swapped }))).toMatchObject({ code: 'SWINV' })
    const renamed = [
      { ...SIZES, name: 'Color' },
      { ...COLORS, name: 'Size' },
    ]
    expect(await update(id, { options: renamed })).toMatchObject({ options: renamed })
  })

  test('changes stock_by to variant with the quantity of each, and back with their sum', async () => {
    const { id, variants } = await shared(of('S'), of('M'))
    const [small, medium] = variants.map((variant: { id: number }) => variant.id)
    const line = await db.makeUser()
    await db.sql`insert into cart_items (user_id, product_id, variant_id) values (${line}, ${id}, ${small})`
    const stocks = (...rows: [number, number][]) => ({
      stock_by: 'variant',
      variant_quantities: rows.map(([variant_id, quantity]) => ({ variant_id, quantity })),
    })
    for (const wrong of [
      stocks(),
      stocks([small, 1]),
      stocks([small, 1], [small, 2]),
      stocks([small, 1], [medium, 2], [small, 3]),
    ])
      expect(await refusalOf(update(id, wrong))).toMatchObject(refused('variant_quantities'))
    expect(await refusalOf(update(id, stocks([small, 1], [999_999, 2])))).toMatchObject(
      refused('variant_quantities/1/variant_id'),
    )
    expect(await refusalOf(update(id, { ...stocks([small, 1]), stock_by: 'product' }))).toMatchObject(
      refused('variant_quantities'),
    )
    expect(await update(id, stocks([small, 1], [medium, 4]))).toMatchObject({
      stock_by: 'variant',
      quantity: 5,
      variants: [{ quantity: 1 }, { quantity: 4 }],
    })
    const stockOfLine = () => db.value<number | null>`select stock_variant_id from cart_items where user_id = ${line}`
    expect(await stockOfLine()).toBe(small)
    expect(await update(id, { stock_by: 'product' })).toMatchObject({ stock_by: 'product', quantity: 5 })
    expect(await stockOfLine()).toBeNull()
    expect(await refusalOf(update((await list({ title: 'Mug', price: '5' })).id, stocks()))).toMatchObject(refused('stock_by'))
  })

  test('a sum that is more than a listing can have needs a quantity to share', async () => {
    const { id } = await stocked({ ...of('S'), quantity: 1_000_000 }, { ...of('M'), quantity: 1 })
    expect(await refusalOf(update(id, { stock_by: 'product' }))).toMatchObject(refused('stock_by'))
    expect(await update(id, { title: 'Sum', stock_by: 'variant' })).toMatchObject({ quantity: 1_000_001 })
    expect(await update(id, { stock_by: 'product', quantity: 7 })).toMatchObject({ stock_by: 'product', quantity: 7 })
    const most = await stocked({ ...of('S'), quantity: 999_999 }, { ...of('M'), quantity: 1 })
    expect(await update(most.id, { stock_by: 'product' })).toMatchObject({ quantity: 1_000_000 })
  })

  test('ends lapsed holds with a change of stock_by', async () => {
    const { id, variants } = await stocked({ ...of('S'), quantity: 1 }, { ...of('M'), quantity: 1 })
    for (const { id: variant_id } of variants) {
      await db.sql`
        insert into cart_items (user_id, product_id, variant_id, stock_variant_id, reserved_until)
        values (${await db.makeUser()}, ${id}, ${variant_id}, ${variant_id}, now() - interval '1 minute')`
    }
    expect(await update(id, { stock_by: 'product' })).toMatchObject({ quantity: 2 })
    expect(await db.rows`select lapsed_at is not null as lapsed from holds where product_id = ${id}`).toEqual([
      { lapsed: true },
      { lapsed: true },
    ])
  })

  test('keeps stock_by while a buyer holds the listing', async () => {
    const { id, variants } = await shared(of('S'))
    await hold(id, variants[0].id)
    const stocks = { stock_by: 'variant', variant_quantities: [{ variant_id: variants[0].id, quantity: 1 }] }
    expect(await refusalOf(update(id, stocks))).toMatchObject({ code: 'SWHLD' })
    expect(await update(id, { stock_by: 'product', quantity: 4 })).toMatchObject({ quantity: 4 })
  })

  test('sets and clears the personalization', async () => {
    const { id } = await shared(of('S'))
    const personalization = { instructions: 'A name', is_required: false, max_length: 10 }
    expect(await update(id, { personalization })).toMatchObject({ personalization })
    expect(await update(id, { title: 'Shirt' })).toMatchObject({ personalization })
    expect(await update(id, { personalization: null })).toMatchObject({ personalization: null })
  })
})
