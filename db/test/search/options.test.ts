/** The filter and the facet of options, and the words of option values, in PostgreSQL's own engines. */
import { describe, expect, test } from 'bun:test'
import type { SearchBackend } from '../../../src/domains/search/backend.ts'
import { openPlainBackend, openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import { testDatabase } from '../test_database.ts'
import { find, type Request } from './catalog.ts'
import { listWithVariants, optionShop } from './options.ts'

const db = await testDatabase()
const { ids, shop_id } = await optionShop(db.sql)
const engines: SearchBackend[] = [openPostgresBackend(db.sql), openPlainBackend(db.sql)]
const postgres = engines[0] as SearchBackend

describe.each(engines)('the filter and the facet of options', (engine) => {
  const search = (request: Request) => find(engine, { limit: 100, ...request })
  const found = async (options: string[] | null, q: string | null = null) =>
    (await search({ q, options })).hits.map((hit) => hit.id).toSorted((a, b) => a - b)

  test('one variant in stock must have a value of each name', async () => {
    expect(await found(['Size:S'])).toEqual([ids.shirt, ids.cap, ids.hat])
    expect(await found(['Size:S', 'Size:M'])).toEqual([ids.shirt, ids.dress, ids.cap, ids.hat])
    // The blue shirt in S is sold out.
    expect(await found(['Size:S', 'Color:Blue'])).toEqual([])
    expect(await found(['Color:Blue', 'Size:M'])).toEqual([ids.shirt])
    expect(await found(['Size:S', 'Size:M', 'Color:Blue', 'Color:Red'])).toEqual([ids.shirt])
    expect(await found(['Size:S', 'Color:Red', 'Frame:Oak'])).toEqual([])
    expect(await found(['Size:XXL'])).toEqual([])
  })

  test('case and spaces around the colon do not matter, and a value can have a colon', async () => {
    expect(await found([' size : s '])).toEqual([ids.shirt, ids.cap, ids.hat])
    expect(await found(['Ratio:16:9'])).toEqual([ids.odd])
    expect(await found([`Ratio:"🎁" 'x' \\`])).toEqual([ids.odd])
    expect(await found([`Ratio:${'long '.repeat(19)}!`])).toEqual([ids.odd])
  })

  test('variants of one stock are in stock while the listing is', async () => {
    expect(await found(['Frame:Oak'])).toEqual([ids.painting])
    await db.sql`update products set quantity = 0 where id = ${ids.painting}`
    expect(await found(['Frame:Oak'])).toEqual([])
    await db.sql`update products set quantity = 1 where id = ${ids.painting}`
  })

  test('each value counts what choosing it finds, with all other filters and without its own', async () => {
    for (const request of [{}, { q: 'linen' }, { options: ['Size:M'] }, { price_max: '15' }] as Request[]) {
      const { options } = (await search(request)).counts
      expect(options.length).toBeGreaterThan(0)
      for (const { name, values } of options)
        for (const { value, count } of values)
          expect([name, value, (await search({ ...request, options: [`${name}:${value}`] })).total]).toEqual([name, value, count])
    }
  })

  test('spellings of a name count together, and the commonest one is shown', async () => {
    const { options } = (await search({})).counts
    expect(options.map(({ name }) => name.toLowerCase())).toEqual(['size', 'color', 'frame', 'ratio'])
    expect(options[0]).toEqual({
      name: 'Size',
      values: [
        { value: 'S', count: 3 },
        { value: 'M', count: 2 },
      ],
    })
  })

  test('a hit begins with the pictures of the variant that was found', async () => {
    const [hit] = (await search({ options: ['Size:M', 'Color:Blue'] })).hits
    expect(hit).toMatchObject({ id: ids.shirt, images: ['https://example.com/blue.jpg', 'https://example.com/shirt.jpg'] })
    expect(hit?.variant_id).toBe(
      await db.value<number>`
      select id from variants where product_id = ${ids.shirt} and option_values = '{M,Blue}'`,
    )
    for (const other of (await search({})).hits) expect(other.variant_id).toBeNull()
  })

  test.each(['Size', 'Size:', ':S', ' : ', '::', ''])('%p is no option', async (option) => {
    expect(search({ options: [option] })).rejects.toMatchObject({ code: 'SWINV', detail: '{"field": "option"}' })
  })

  test('the last variant in stock takes its value out of filter and facet, and a restock brings it back', async () => {
    const id = await listWithVariants(db.sql, shop_id, 'Scarf', { Weave: ['Twill', 'Satin'] }, [
      { option_values: ['Twill'], quantity: 1 },
      { option_values: ['Satin'], quantity: 2 },
    ])
    const weaves = async () =>
      (await search({})).counts.options.find(({ name }) => name === 'Weave')?.values.map((one) => one.value)
    expect(await weaves()).toEqual(['Satin', 'Twill'])
    const version = () => db.value<string>`select xmin::text from product_search where product_id = ${id}`
    const before = await version()
    await db.sql`update variants set quantity = 1 where product_id = ${id} and option_values = '{Satin}'`
    expect(await version()).toBe(before)
    await db.sql`update variants set quantity = 0 where product_id = ${id} and option_values = '{Twill}'`
    expect(await weaves()).toEqual(['Satin'])
    expect(await found(['Weave:Twill'])).toEqual([])
    await db.sql`update variants set quantity = 3 where product_id = ${id} and option_values = '{Twill}'`
    expect(await found(['Weave:Twill'])).toEqual([id])
    await db.sql`update variants set archived_at = now() where product_id = ${id} and option_values = '{Satin}'`
    expect(await weaves()).toEqual(['Twill'])
    await db.sql`update products set archived_at = now() where id = ${id}`
    expect(await weaves()).toBeUndefined()
  })
})

describe('option values are words', () => {
  const titles = async (q: string) => (await find(postgres, { q, exact: true })).hits.map((hit) => hit.title)

  test('of the listing, sold out or not, and not its option names', async () => {
    expect(await titles('blue shirt')).toEqual(['Linen shirt'])
    expect(await titles('shirt s')).toEqual(['Linen shirt'])
    expect(await titles('frame')).toEqual([])
  })

  test('a renamed value follows at once', async () => {
    const [title] = await titles('oak')
    expect(title).toBe('Painting')
    await db.sql.begin(async (tx) => {
      await tx`update product_options set option_values = '{Walnut,Unframed}' where product_id = ${ids.painting}`
      await tx`update variants set option_values = '{Walnut}' where product_id = ${ids.painting} and option_values = '{Oak}'`
    })
    expect(await titles('oak')).toEqual([])
    expect(await titles('walnut')).toEqual(['Painting'])
    expect((await find(postgres, { options: ['Frame:Walnut'] })).total).toBe(1)
    await db.sql`update product_options set name = 'Border' where product_id = ${ids.painting}`
    expect((await find(postgres, { options: ['Frame:Walnut'] })).total).toBe(0)
    expect((await find(postgres, { options: ['Border:Walnut'] })).total).toBe(1)
  })
})

test('a facet has the ten commonest names, each with its 20 commonest values', async () => {
  for (let n = 0; n < 12; n++) {
    const values = Array.from({ length: 25 }, (_, k) => `${n}-${k}`)
    await listWithVariants(db.sql, shop_id, `Bead ${n}`, { [`Option ${n}`]: values }, [
      ...values.map((value) => ({ option_values: [value], quantity: 1 })),
    ])
  }
  const { options } = (await find(postgres, { q: 'bead' })).counts
  expect(options).toHaveLength(10)
  for (const { values } of options) expect(values).toHaveLength(20)
})
