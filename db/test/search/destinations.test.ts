/** The filter and the facet of destinations, in PostgreSQL's own engines. */
import { describe, expect, test } from 'bun:test'
import type { SearchBackend } from '../../../src/domains/search/backend.ts'
import { openPlainBackend, openPostgresBackend } from '../../../src/domains/search/postgres_backend.ts'
import { openRivals, untilBlocked } from '../../../test/support/races.ts'
import { testDatabase } from '../test_database.ts'
import { find, type Request } from './catalog.ts'
import { postalShop } from './destinations.ts'

const db = await testDatabase()
const { ids, owner_id, profiles, rateTo, list } = await postalShop(db.sql)
const all = [ids.anywhere, ids.germany, ids.union]
const engines: SearchBackend[] = [openPostgresBackend(db.sql), openPlainBackend(db.sql)]

const change = (profile: number, places: string[]) =>
  db.sql`select from change_shipping_profile(${profile}, ${owner_id}, ${db.sql.json({ rates: places.map(rateTo) })})`
const use = (product: number, shipping_profile_id: number | null) =>
  db.sql`select from update_product(${product}, ${owner_id}, ${db.sql.json({ shipping_profile_id })})`

describe.each(engines)('the filter and the facet of destinations', (engine) => {
  const search = (request: Request) => find(engine, { limit: 100, ...request })
  const found = async (ships_to: string | null, q: string | null = null) =>
    (await search({ q, ships_to })).hits.map((hit) => hit.id).toSorted((a, b) => a - b)

  test.each([null, 'poster', 'bakelite'])('a listing is found by a country, its union or the world: %p', async (q) => {
    expect(await found('DE', q)).toEqual(all)
    expect(await found('FR', q)).toEqual([ids.anywhere, ids.union])
    expect(await found('CH', q)).toEqual([ids.anywhere, ids.union])
    expect(await found('US', q)).toEqual([ids.anywhere])
    expect(await found('eu', q)).toEqual([ids.anywhere, ids.union])
    expect(await found('world', q)).toEqual([ids.anywhere])
    expect(await found(null, q)).toEqual(all)
  })

  test('each destination counts what choosing it finds, with all other filters and without its own', async () => {
    for (const request of [{}, { q: 'poster' }, { ships_to: 'US' }, { price_max: '15' }] as Request[]) {
      const { ships_to } = (await search(request)).counts
      expect(ships_to.map(({ to }) => to)).toEqual(['world', 'eu', 'DE', 'CH'])
      for (const { to, count } of ships_to) expect((await search({ ...request, ships_to: to })).total).toBe(count)
    }
  })

  test('a change of a profile, and of the profile of a listing, counts at once', async () => {
    await change(profiles.germany, ['DE', 'US'])
    expect(await found('US')).toEqual([ids.anywhere, ids.germany])
    await change(profiles.germany, ['world'])
    expect(await found('FR')).toEqual(all)
    await change(profiles.germany, ['DE'])
    await use(ids.germany, profiles.union)
    expect(await found('FR')).toEqual(all)
    await use(ids.germany, null)
    expect(await found('US')).toEqual([ids.anywhere, ids.germany])
    await use(ids.germany, profiles.germany)
    expect(await found('US')).toEqual([ids.anywhere])
  })

  test('the listings of a removed profile go where the default one goes', async () => {
    const [row] = await db.sql`select shop_id from products where id = ${ids.union}`
    const profile = db.sql.json({ name: 'Far', rates: [rateTo('NZ')] })
    const [far] = await db.sql`select id from add_shipping_profile(${row?.shop_id}, ${owner_id}, ${profile})`
    const id = await list('Poster of far', far?.id)
    expect(await found('FR')).not.toContain(id)
    await db.sql`select remove_shipping_profile(${far?.id}, ${owner_id})`
    expect(await found('FR')).toContain(id)
    await db.sql`select archive_product(${id}, ${owner_id})`
  })
})

test('an archived listing comes back with the destinations of today', async () => {
  await db.sql`update products set archived_at = now() where id = ${ids.germany}`
  await change(profiles.germany, ['NO'])
  await db.sql`update products set archived_at = null where id = ${ids.germany}`
  const places = () => db.value<string[]>`select destinations from product_search where product_id = ${ids.germany}`
  expect(await places()).toEqual(['NO'])
  await change(profiles.germany, ['DE'])
  expect(await places()).toEqual(['DE'])
})

test('a change of a profile queues its listings for Elasticsearch, and their documents have the places', async () => {
  await db.sql`delete from changes`
  await change(profiles.union, ['eu', 'US'])
  const [note] = await db.sql`select product_ids from changes where cardinality(product_ids) > 0`
  expect(note?.product_ids).toEqual([ids.union])
  const [row] = await db.sql`select document from search_documents(${[ids.union]})`
  const document = typeof row?.document === 'string' ? JSON.parse(row.document) : row?.document
  expect(document).toMatchObject({ destinations: ['US', 'eu'], destination_set: 'US eu', tags: ['bakelite'] })
  await change(profiles.union, ['eu', 'CH'])
})

test('a listing made while its profile changes has the new places', async () => {
  const rivals = await openRivals(db.url, 2)
  const [changer, lister] = rivals.all as [(typeof rivals.all)[0], (typeof rivals.all)[0]]
  let listed: Promise<unknown> = Promise.resolve()
  await changer.sql.begin(async (sql) => {
    const rates = sql.json({ rates: [rateTo('JP')] })
    await sql`select from change_shipping_profile(${profiles.union}, ${owner_id}, ${rates})`
    const product = sql.json({ title: 'Poster of later', price: '12', shipping_profile_id: profiles.union })
    listed = lister.sql`
      select l.id from products p, list_product(p.shop_id, ${owner_id}, ${product}) l where p.id = ${ids.union}`.then(
      ([row]) => row?.id,
    )
    await untilBlocked(db.sql, lister)
  })
  const id = (await listed) as number
  expect(await db.value<string[]>`select destinations from product_search where product_id = ${id}`).toEqual(['JP'])
  await rivals.close()
})

test('new materials are words at once', async () => {
  const [postgres] = engines as [SearchBackend]
  const changes = db.sql.json({ materials: ['celluloid'] })
  await db.sql`select from update_product(${ids.anywhere}, ${owner_id}, ${changes})`
  expect((await find(postgres, { q: 'celluloid' })).hits.map((hit) => hit.id)).toEqual([ids.anywhere])
  expect((await find(postgres, { q: 'bakelite' })).hits.map((hit) => hit.id)).not.toContain(ids.anywhere)
})
