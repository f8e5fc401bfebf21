import { expect, test } from 'bun:test'
import pino from 'pino'
import { forgetExpired } from '../../src/platform/jobs/forget_expired.ts'
import type { JobContext } from '../../src/platform/jobs/job.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const forget = () => forgetExpired({}, { sql: db.sql, log: pino({ level: 'silent' }) } as unknown as JobContext)

/** Inserts finished keys of this age in hours. */
const makeKeys = (user: number, count: number, hours: number) => db.sql`
  insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, status_code, body, created_at)
  select ${user}, 'POST /v1/shops', ${`${hours}-`} || n, sha256('x'), now() - interval '1 hour', 201, '{}',
    now() - make_interval(hours => ${hours})
  from generate_series(1, ${count}::integer) n`

test('deletes all keys after 48 hours', async () => {
  const user = await db.makeUser()
  await makeKeys(user, 2500, 49)
  await makeKeys(user, 2, 47)
  await forget()
  const left = await db.sql`select key from idempotency_keys where user_id = ${user} order by key`
  expect(left.map((row) => row.key)).toEqual(['47-1', '47-2'])
})

test('deletes counts of keys after a day', async () => {
  const user = await db.makeUser()
  await db.sql`
    insert into key_counts (user_id, newest_created_at, keys, bytes)
    select ${user}, now() - make_interval(hours => n), 100, 0 from unnest(array[23, 25, 49]) n`
  await forget()
  expect(await db.sql`select from key_counts where user_id = ${user}`).toHaveLength(1)
})

test('keeps the key of a pending checkout', async () => {
  const user = await db.makeBuyer(await db.makeProduct())
  await db.placeCheckout(user, { key: 'pending' })
  await db.sql`
    update idempotency_keys set created_at = now() - interval '9 days', locked_until = now() - interval '9 days'
    where user_id = ${user}`
  await forget()
  expect(await db.sql`select from idempotency_keys where user_id = ${user}`).toHaveLength(1)
})

test('deletes expired sessions', async () => {
  const user = await db.makeUser()
  await db.sql`
    insert into sessions (user_id, token_hash, created_at, expires_at)
    select ${user}, sha256(n::text::bytea), now() - interval '2 days', now() + make_interval(hours => n)
    from generate_series(-3, 3) n where n <> 0`
  await forget()
  expect(await db.sql`select from sessions where user_id = ${user}`).toHaveLength(3)
})

test('deletes daily counts after 90 days, if the statistics include them', async () => {
  const product = await db.makeProduct()
  // Resets the statistics to the state before their first run, which reads all counts.
  await db.sql`truncate statistics_days`
  const countDays = () => db.rows`
    select (select count(*) from product_views where product_id = ${product})::integer as views,
      (select count(*) from cart_additions where product_id = ${product})::integer as additions`
  await db.sql`
    with days as (select current_date - n as day from unnest(array[89, 91, 400]) n),
    viewed as (insert into product_views (product_id, viewed_on, views) select ${product}, day, 3 from days)
    insert into cart_additions (product_id, added_on, lines) select ${product}, day, 2 from days`
  await forget()
  expect(await countDays()).toEqual([{ views: 3, additions: 3 }])
  await db.sql`select rebuild_shop_statistics()`
  await forget()
  expect(await countDays()).toEqual([{ views: 1, additions: 1 }])
  const [kept] = await db.sql`
    select sum(views)::integer as views, sum(carts)::integer as carts from shop_statistics
    where shop_id = (select shop_id from products where id = ${product})`
  expect(kept).toEqual({ views: 9, carts: 6 })
})

test('creates future months, and deletes months of the search log after 90 days', async () => {
  const far = await db.value<string>`
    select 'search_queries_' || to_char(now() at time zone 'UTC' + interval '12 months', 'YYYYMM')`
  await db.sql.unsafe(`drop table ${far}`)
  await db.sql`select create_partition('search_queries', '2024-01-01')`
  await forget()
  const [row] = await db.sql`select to_regclass(${far}) is not null as is_made, to_regclass('search_queries_202401') as old`
  expect(row).toEqual({ is_made: true, old: null })
})

test('deletes mails after 90 days, and tokens 30 days after they expired', async () => {
  const user = await db.makeUser()
  await db.sql`
    with written as (
      insert into mails (kind, is_about_order, user_id, email, locale, created_at)
      select 'verify_email', false, ${user}, 'ann@example.com', 'en', now() - make_interval(days => n) from unnest(array[91, 89]) n
      returning id
    )
    insert into user_tokens (token_hash, user_id, mail_id, purpose, email, expires_at)
    select sha256(n::text::bytea), ${user}, max(id), 'verify_email', 'ann@example.com', now() - make_interval(days => n)
    from written, unnest(array[31, 29]) n group by n`
  await forget()
  expect(await db.sql`select from mails where user_id = ${user}`).toHaveLength(1)
  expect(await db.sql`select from user_tokens where user_id = ${user}`).toHaveLength(1)
})

test('erases guests who never ordered and have no session, after 30 days', async () => {
  const { buyer_id } = await db.makeSale()
  const [old, young, active] = await db.makeUsers(3)
  await db.sql`
    update users set is_guest = true, created_at = now() - case when id = ${young} then interval '29 days' else interval '31 days' end
    where id = any (${[old, young, active, buyer_id]})`
  await db.sql`
    insert into sessions (user_id, token_hash, created_at, expires_at)
    values (${active}, sha256('active'), now() - interval '1 day', now() + interval '1 day')`
  await forget()
  const erased = await db.rows`select id, email from users where erased_at is not null`
  expect(erased).toEqual([{ id: old, email: expect.stringMatching(new RegExp(`^erased-${old}-\\w{32}@stallwright[.]invalid$`)) }])
})

test('deletes addresses and notes of orders after 3 years', async () => {
  const addressAfter = async (age: string) => {
    const { checkout_id, order_id } = await db.makeSale({ personalization: 'For Mia' })
    await db.sql`update checkouts set created_at = now() - ${age}::interval where id = ${checkout_id}`
    await db.sql`update orders set note = 'Ring twice', created_at = now() - ${age}::interval where id = ${order_id}`
    return { checkout_id, order_id }
  }
  const old = await addressAfter('1 hour')
  const young = await addressAfter('1 minute')
  // The ids carry the month, so the period becomes short instead of the rows old.
  await db.sql`
    create or replace function kept_since(what text) returns timestamptz language sql stable as $$
      select statement_timestamp() - interval '30 minutes'
    $$`
  await forget()
  const left = (of: typeof old) => db.rows`
    select c.shipping_address ? 'line1' as has_street, c.shipping_address ->> 'country' as country, o.note,
      (select oi.personalization from order_items oi where oi.order_id = o.id) as text
    from checkouts c join orders o on o.checkout_id = c.id where c.id = ${of.checkout_id}`
  expect(await left(old)).toEqual([{ has_street: false, country: 'US', note: null, text: null }])
  expect(await left(young)).toEqual([{ has_street: true, country: 'US', note: 'Ring twice', text: 'For Mia' }])
})
