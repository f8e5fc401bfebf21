import { afterAll, beforeAll, expect, test } from 'bun:test'
import pino from 'pino'
import type { JobContext } from '../../src/jobs/context.ts'
import { forgetExpired } from '../../src/jobs/forget_expired.ts'
import { openTestDatabase, type TestDatabase } from '../../src/test/database.ts'
import { makeProduct, makeUser, placeCheckout, putLine } from '../../src/test/factory.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const forget = () => forgetExpired({}, { sql: db.sql, log: pino({ level: 'silent' }) } as unknown as JobContext)

/** Records of answered keys that were written this many hours ago. */
const makeKeys = (user: number, count: number, hours: number) => db.sql`
  insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, status_code, body, created_at)
  select ${user}, 'POST /v1/shops', ${`${hours}-`} || n, sha256('x'), now() - interval '1 hour', 201, '{}', now() - make_interval(hours => ${hours})
  from generate_series(1, ${count}::integer) n`

test('keys are kept for 48 hours, then forgotten, however many', async () => {
  const user = await makeUser(db.sql)
  await makeKeys(user, 2500, 49)
  await makeKeys(user, 2, 47)
  await forget()
  const left = await db.sql`select key from idempotency_keys where user_id = ${user} order by key`
  expect(left.map((row) => row.key)).toEqual(['47-1', '47-2'])
})

test('the key of a checkout that waits for its payment stays', async () => {
  const user = await makeUser(db.sql)
  await putLine(db.sql, user, await makeProduct(db.sql))
  await placeCheckout(db.sql, user, { key: 'pending' })
  await db.sql`
    update idempotency_keys set created_at = now() - interval '9 days', locked_until = now() - interval '9 days' where user_id = ${user}`
  await forget()
  expect(await db.sql`select from idempotency_keys where user_id = ${user}`).toHaveLength(1)
})

test('sessions are forgotten when they have expired', async () => {
  const user = await makeUser(db.sql)
  await db.sql`
    insert into sessions (user_id, token_hash, created_at, expires_at)
    select ${user}, sha256(n::text::bytea), now() - interval '2 days', now() + make_interval(hours => n)
    from generate_series(-3, 3) n where n <> 0`
  await forget()
  expect(await db.sql`select from sessions where user_id = ${user}`).toHaveLength(3)
})
