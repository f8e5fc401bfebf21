import { expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const passwordOf = (user: number) => db.value<string>`select password from users where id = ${user}`

const register = (email: string, sql = db.sql) =>
  sql<{ id: number; body: string }[]>`select * from register_user(${email}, '$argon2id$x', 'Ann')`

test('register_user returns the user without the password', async () => {
  const email = `${unique('Ann')}@Example.com`
  const [user] = await register(email)
  const body = JSON.parse(user?.body as string)
  expect(body).toEqual({
    id: user?.id,
    email,
    email_verified: false,
    is_guest: false,
    display_name: 'Ann',
    locale: 'en',
    receives_notices: true,
    created_at: body.created_at,
  })
})

test('register_user rejects an e-mail that differs only in case', async () => {
  const name = unique('ann')
  await register(`${name}@example.com`)
  expect(await refusalOf(register(`${name.toUpperCase()}@EXAMPLE.com`))).toMatchObject({ code: 'SWEML' })
})

test('concurrent calls of register_user with one e-mail make one account', async () => {
  const email = `${unique('ann')}@example.com`
  const outcomes = await db.race(8, ({ sql }) => outcomeOf(register(email, sql)))
  expect(tally(outcomes)).toEqual({ done: 1, SWEML: 7 })
})

test('update_user changes only the name', async () => {
  const user = await db.makeUser()
  const update = async (name: string | null) => JSON.parse((await db.sql`select * from update_user(${user}, ${name})`)[0]?.body)
  expect(await update('Bea')).toMatchObject({ id: user, display_name: 'Bea' })
  expect(await update(null)).toMatchObject({ display_name: 'Bea' })
})

test('a session is found until it ends or expires, and ends without others', async () => {
  const user = await db.makeUser()
  const find = await Bun.file(new URL('../queries/sessions/find_session.sql', import.meta.url)).text()
  const hash = (fill: number) => Buffer.alloc(32, fill)
  const start = async (fill: number) =>
    db.sql`select * from start_session(${user}, ${await passwordOf(user)}, ${hash(fill)}, 3600)`
  const found = async (fill: number) => (await db.sql.unsafe(find, [hash(fill)])).length
  const [session] = await start(1)
  await start(2)
  await start(3)
  expect(JSON.parse(session?.user_body)).toMatchObject({ id: user })
  const stored = db.rows`
    select to_rfc3339(expires_at) as expires_at, expires_at - created_at = interval '1 hour' as is_an_hour
    from sessions where token_hash = ${hash(1)}`
  expect(await stored).toEqual([{ expires_at: session?.expires_at, is_an_hour: true }])
  expect(await found(1)).toBe(1)
  await db.sql`select end_session(${hash(1)})`
  await db.sql`
    update sessions set created_at = now() - interval '2 hours', expires_at = now() - interval '1 second'
    where token_hash = ${hash(2)}`
  expect([await found(1), await found(2), await found(3)]).toEqual([0, 0, 1])
})

test('a favorite is stored once, removed once, and rejected for a missing item', async () => {
  const [user, product, shop] = [await db.makeUser(), await db.makeProduct(), await db.makeShop()]
  const favorites = async () => await db.rows`select fav_type, fav_id from favorites where user_id = ${user} order by 1`
  for (let n = 0; n < 2; n++) await db.sql`select add_favorite(${user}, 'product', ${product})`
  await db.sql`select add_favorite(${user}, 'shop', ${shop})`
  expect(await favorites()).toEqual([
    { fav_type: 'product', fav_id: product },
    { fav_type: 'shop', fav_id: shop },
  ])
  for (let n = 0; n < 2; n++) await db.sql`select remove_favorite(${user}, 'product', ${product})`
  expect(await favorites()).toEqual([{ fav_type: 'shop', fav_id: shop }])
  const archived = await db.makeProduct()
  await db.sql`update products set archived_at = now() where id = ${archived}`
  const missing = { product: 999_999, shop: 999_999, hat: shop }
  for (const [type, id] of [...Object.entries(missing), ['product', archived] as const])
    expect(await refusalOf(db.sql`select add_favorite(${user}, ${type}, ${id})`)).toMatchObject({ code: 'SWNTF' })
})
