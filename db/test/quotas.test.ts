import { describe, expect, test } from 'bun:test'
import type { Sql } from '../../src/platform/db/client.ts'
import { countDeadlocks, openRivals, race } from '../../test/support/races.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { countPages, testDatabase } from './test_database.ts'

const db = await testDatabase()

const SHIPPING = { base: '3.5', per_extra_item: '1', processing_days_min: 1, processing_days_max: 5 }

/** A call for each quota. Without a scale it is a call from SQL. */
const openShop = (owner: number, scale: number | null = 1, sql = db.sql) =>
  sql`select * from open_shop(${owner}, 'Clay', null, null, null, ${sql.json(SHIPPING)}, ${scale})`
const list = (owner: number, shop: number, scale: number | null = 1, sql: Sql = db.sql) => {
  const product = { title: 'Mug', price: '10.00', tags: [], images: [] }
  return sql`select * from list_product(${shop}, ${owner}, ${sql.json(product)}, ${scale})`
}
const like = (user: number, shop: number, scale: number | null = 1, sql = db.sql) =>
  sql`select add_favorite(${user}, 'shop', ${shop}, ${scale})`

/** Makes listings that are old enough for a stored count. */
const fillShop = (shop: number, listings: number) => db.sql`
  insert into products (shop_id, title, price, created_at)
  select ${shop}, 'Mug', 10, now() - interval '1 minute' from generate_series(1, ${listings})`
const countAll = (owner: number) => db.value<number>`select count_listings(${owner}, null)`
const readKept = (shop: number) => db.rows`select xmin::text, listings from listing_counts where shop_id = ${shop}`
const fillFavorites = (user: number, favorites: number) => db.sql`
  insert into favorites (user_id, fav_type, fav_id) select ${user}, 'product', generate_series(1, ${favorites})`
/** Makes a seller with one shop. */
const makeOwnShop = async () => {
  const owner = await db.makeUser()
  return { owner, shop: await db.makeShop({ owner_id: owner }) }
}
const raise = (user: number, quota: string, max: number) => db.sql`select set_quota(${user}, ${quota}, ${max})`

describe('shops', () => {
  test('five by single calls, more if an operator raises it', async () => {
    const owner = await db.makeUser()
    for (let n = 0; n < 5; n++) await openShop(owner)
    expect(await refusalOf(openShop(owner))).toMatchObject({ code: 'SWQTA', detail: { quota: 'shops', limit: 5 } })
    await raise(owner, 'shops', 6)
    expect(await outcomeOf(openShop(owner))).toBe('done')
    expect(await refusalOf(openShop(owner))).toMatchObject({ code: 'SWQTA', detail: { quota: 'shops', limit: 6 } })
    await raise(owner, 'shops', 0)
    expect(await refusalOf(openShop(owner))).toMatchObject({ code: 'SWQTA', detail: { quota: 'shops', limit: 0 } })
  })

  test('SQL opens any number of shops, and they count', async () => {
    const owner = await db.makeUser()
    for (let n = 0; n < 7; n++) await openShop(owner, null)
    expect(await outcomeOf(openShop(owner))).toBe('SWQTA')
  })

  test("the scale multiplies the default and an operator's value", async () => {
    const owner = await db.makeUser()
    for (let n = 0; n < 5; n++) await openShop(owner, 0.4 * 5)
    expect(await db.value<number>`select quota_of(${owner}, 'shops', 0.1)`).toBe(1)
    expect(await db.value<number>`select quota_of(${owner}, 'listings', 1000000)`).toBe(20_000_000_000)
    await raise(owner, 'shops', 3)
    expect(await refusalOf(openShop(owner, 1.5))).toMatchObject({ detail: { limit: 5 } })
  })

  test('ten concurrent calls of an account without shops open five', async () => {
    const owner = await db.makeUser()
    const outcomes = await db.race(10, ({ sql }) => outcomeOf(openShop(owner, 1, sql)))
    expect(tally(outcomes)).toEqual({ done: 5, SWQTA: 5 })
  })
})

describe('listings', () => {
  test('20,000 in all shops of an account, archived ones included', async () => {
    const owner = await db.makeUser()
    const [one, other] = [await db.makeShop({ owner_id: owner }), await db.makeShop({ owner_id: owner })]
    await fillShop(one, 12_000)
    await db.sql`update products set archived_at = now() where shop_id = ${one}`
    expect(await outcomeOf(list(owner, other))).toBe('done')
    await fillShop(other, 7_998)
    expect(await countAll(owner)).toBe(19_999)
    expect(await outcomeOf(list(owner, one))).toBe('done')
    expect(await refusalOf(list(owner, other))).toMatchObject({
      code: 'SWQTA',
      message: expect.stringContaining('20000 listings, archived ones included'),
      detail: { quota: 'listings', limit: 20_000 },
    })
    expect(await outcomeOf(list(owner, other, null))).toBe('done')
    await raise(owner, 'listings', 20_002)
    expect(await outcomeOf(list(owner, other))).toBe('done')
    expect(await outcomeOf(list(owner, other))).toBe('SWQTA')
    await db.sql`delete from products where shop_id = ${one}`
    await raise(owner, 'listings', 20_002)
    expect(await outcomeOf(list(owner, other))).toBe('done')
  }, 60_000)

  test('a rejected call reads few pages, and keeps the stored count', async () => {
    const { owner, shop } = await makeOwnShop()
    await fillShop(shop, 5_000)
    await raise(owner, 'listings', 5_000)
    await countAll(owner)
    const kept = await readKept(shop)
    expect(kept).toMatchObject([{ listings: 5_000 }])
    const pages = await db.sql.begin(async (tx) => {
      await tx.unsafe(`
        create function pg_temp.refused_quota() returns text language plpgsql as $$
        begin
          perform check_quota(${owner}, 'listings', 1);
          return 'done';
        exception when sqlstate 'SWQTA' then
          return sqlstate;
        end $$`)
      expect(await tx`select pg_temp.refused_quota() as outcome`).toMatchObject([{ outcome: 'SWQTA' }])
      return countPages(tx, 'select pg_temp.refused_quota()')
    })
    expect(pages).toBeLessThan(60)
    expect(await readKept(shop)).toEqual(kept)
  })

  test('each call counts a thousand more of the listings from SQL', async () => {
    const { owner, shop } = await makeOwnShop()
    await raise(owner, 'listings', 2_500)
    await fillShop(shop, 3_000)
    const outcomes: string[] = []
    for (let n = 0; n < 4; n++) outcomes.push(await outcomeOf(list(owner, shop)))
    expect(outcomes).toEqual(['done', 'done', 'SWQTA', 'SWQTA'])
    expect(await readKept(shop)).toMatchObject([{ listings: 2_000 }])
  })

  test('a listing of a delayed transaction, dated before others, still counts', async () => {
    const { owner, shop } = await makeOwnShop()
    await db.sql.begin(async (tx) => {
      await tx`select now()`
      await db.sql`insert into products (shop_id, title, price) select ${shop}, 'Mug', 10 from generate_series(1, 200)`
      expect(await countAll(owner)).toBe(200)
      await list(owner, shop, null, tx)
    })
    expect(await countAll(owner)).toBe(201)
  })

  test('a large shop is counted once, then only its new listings', async () => {
    const { owner, shop } = await makeOwnShop()
    await fillShop(shop, 5_000)
    await countAll(owner)
    await list(owner, shop)
    expect(await readKept(shop)).toMatchObject([{ listings: 5_000 }])
    expect(await countPages(db.sql, `select count_listings(${owner}, 20000)`)).toBeLessThan(30)
    expect(await db.value<number>`select count_listings(${owner}, 20000)`).toBe(5_001)
  })

  test('the listings of a shop count for its new owner', async () => {
    const [{ owner: seller, shop }, buyer] = [await makeOwnShop(), await db.makeUser()]
    await fillShop(shop, 150)
    await list(seller, shop)
    await db.sql`update shops set owner_id = ${buyer} where id = ${shop}`
    const [count] = await db.sql`select count_listings(${buyer}, 20000) as theirs, count_listings(${seller}, 20000) as left_over`
    expect(count).toEqual({ theirs: 151, left_over: 0 })
  })

  test('ten concurrent calls of an account with three left list three, without a deadlock', async () => {
    const { owner, shop } = await makeOwnShop()
    await raise(owner, 'listings', 203)
    await fillShop(shop, 200)
    const rivals = await openRivals(db.url, 10)
    const outcomes = await race(rivals, ({ sql }) => outcomeOf(list(owner, shop, 1, sql)))
    expect(tally(outcomes)).toEqual({ done: 3, SWQTA: 7 })
    expect(await countDeadlocks(rivals)).toBe(0)
    await rivals.close()
  })
})

describe('favorites', () => {
  test('5,000; an existing favorite stays', async () => {
    const user = await db.makeUser()
    const [liked, other] = [await db.makeShop(), await db.makeShop()]
    await fillFavorites(user, 4_999)
    await like(user, liked)
    expect(await refusalOf(like(user, other))).toMatchObject({ code: 'SWQTA', detail: { quota: 'favorites', limit: 5_000 } })
    expect(await outcomeOf(like(user, liked))).toBe('done')
    expect(await outcomeOf(like(user, other, null))).toBe('done')
    await db.sql`delete from favorites where user_id = ${user} and fav_type = 'product'`
    expect(await outcomeOf(like(user, await db.makeShop()))).toBe('done')
  })
})

test('a quota has a known name and is not negative', async () => {
  const user = await db.makeUser()
  expect(await refusalOf(raise(user, 'wishes', 1))).toMatchObject({ constraint: 'account_quotas_quota_is_known' })
  expect(await refusalOf(raise(user, 'shops', -1))).toMatchObject({ constraint: 'account_quotas_max_is_not_negative' })
})
