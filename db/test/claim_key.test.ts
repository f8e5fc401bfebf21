import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createHash, randomBytes } from 'node:crypto'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeUser, unique } from '../../test/support/factory.ts'
import { openRivals, type Rival } from '../../test/support/races.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'

let db: TestDatabase
let user: number
beforeAll(async () => {
  db = await openTestDatabase()
  user = await makeUser(db.sql)
})
afterAll(() => db.close())

const CALL = 'POST /v1/things'
type Claim = { key: string; body?: string; lease_s?: number; sql?: typeof db.sql; user_id?: number; call?: string }

async function claim({ key, body = 'body', lease_s = 0, sql = db.sql, user_id = user, call = CALL }: Claim) {
  const [row] =
    await sql`select * from claim_key(${user_id}, ${call}, ${key}, ${createHash('sha256').update(body).digest()}, ${lease_s})`
  return row
}

const answer = (key: string, body: string) =>
  db.sql`select store_response(${user}, ${CALL}, ${key}, 201, ${body}, null, '/v1/things/1')`

test('claims a new key; a finished key returns its first response', async () => {
  const key = unique('key')
  expect(await claim({ key })).toMatchObject({ has_response: false, body: null, refusal: null })
  await answer(key, '{"id":1}')
  await answer(key, '{"id":2}')
  expect(await claim({ key })).toMatchObject({
    has_response: true,
    status_code: 201,
    body: '{"id":1}',
    location: '/v1/things/1',
    refusal: null,
  })
})

test('a key belongs to one user and one call', async () => {
  const key = unique('key')
  await claim({ key })
  await answer(key, '{"id":1}')
  expect(await claim({ key, call: 'POST /v1/others' })).toMatchObject({ has_response: false })
  expect(await claim({ key, user_id: await makeUser(db.sql) })).toMatchObject({ has_response: false })
})

test('rejects another body', async () => {
  const key = unique('key')
  await claim({ key })
  expect(await refusalOf(claim({ key, body: 'other' }))).toMatchObject({ code: 'SWIDM' })
})

test('a key is in progress during its lease, then free again', async () => {
  const key = unique('key')
  await claim({ key, lease_s: 60 })
  expect(await refusalOf(claim({ key, lease_s: 60 }))).toMatchObject({ code: 'SWIDP' })
  await db.sql`update idempotency_keys set locked_until = clock_timestamp() where key = ${key}`
  expect(await claim({ key, lease_s: 60 })).toMatchObject({ has_response: false })
  expect(await refusalOf(claim({ key, lease_s: 60 }))).toMatchObject({ code: 'SWIDP' })
})

test('a claim that rolls back leaves the key free', async () => {
  const key = unique('key')
  await refusalOf(
    db.sql.begin(async (tx) => {
      await tx`select * from claim_key(${user}, ${CALL}, ${key}, ${Buffer.alloc(32)}, 60)`
      throw new Error('changed my mind')
    }),
  )
  expect(await claim({ key })).toMatchObject({ has_response: false })
})

test('the second call sees an unfinished first one as in progress', async () => {
  const key = unique('key')
  const rivals = await openRivals(db.url, 1)
  const { sql } = rivals.all[0] as Rival
  await sql`begin`
  await claim({ key, sql })
  expect(await refusalOf(claim({ key }))).toMatchObject({ code: 'SWIDP', message: 'In progress' })
  await sql`rollback`
  expect(await claim({ key })).toMatchObject({ has_response: false })
  await rivals.close()
})

test('20,000 new keys of an account a day, more if an operator allows it; finished keys still return their response', async () => {
  const user_id = await makeUser(db.sql)
  const [key, call] = [unique('key'), 'POST /v1/many']
  const claimOne = (name = unique('key'), scale: number | null = 1) =>
    db.sql`select * from claim_key(${user_id}, ${call}, ${name}, ${Buffer.alloc(32)}, 0, ${scale})`
  await db.sql`
    insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, created_at)
    select ${user_id}, ${call}, n, ${Buffer.alloc(32)}, now(), now() - interval '23 hours' from generate_series(1, 19998) n`
  await db.sql`
    insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, created_at)
    select ${user_id}, ${call}, 'old ' || n, ${Buffer.alloc(32)}, now(), now() - interval '25 hours' from generate_series(1, 100) n`
  await claimOne(key)
  await db.sql`select store_response(${user_id}, ${call}, ${key}, 201, '{}')`
  await claimOne()
  expect(await refusalOf(claimOne())).toMatchObject({ code: 'SWKEY', detail: { quota: 'keys', limit: 20_000 } })
  expect((await claimOne(key))[0]).toMatchObject({ has_response: true, body: '{}' })
  expect(await outcomeOf(claimOne(unique('key'), null))).toBe('done')
  await db.sql`select set_quota(${user_id}, 'keys', 20002)`
  expect(await outcomeOf(claimOne())).toBe('done')
  expect(await outcomeOf(claimOne())).toBe('SWKEY')
})

test('the stored responses of a day have at most 16 KiB for each key of the quota', async () => {
  const user_id = await makeUser(db.sql)
  await db.sql`select set_quota(${user_id}, 'keys', 10)`
  const claimOne = (key: string) => db.sql`select * from claim_key(${user_id}, ${CALL}, ${key}, ${Buffer.alloc(32)}, 0, 1)`
  for (const key of ['a', 'b']) {
    expect(await outcomeOf(claimOne(key))).toBe('done')
    await db.sql`select store_response(${user_id}, ${CALL}, ${key}, 201, ${'x'.repeat(82_000)})`
  }
  expect(await outcomeOf(claimOne('c'))).toBe('SWKEY')
})

test('stored errors count as responses', async () => {
  const user_id = await makeUser(db.sql)
  await db.sql`select set_quota(${user_id}, 'keys', 10)`
  const claimOne = (key: string) => db.sql`select * from claim_key(${user_id}, ${CALL}, ${key}, ${Buffer.alloc(32)}, 0, 1)`
  for (const key of ['a', 'b']) {
    expect(await outcomeOf(claimOne(key))).toBe('done')
    const refusal = { code: 'SWSTK', message: randomBytes(66_000).toString('base64') }
    await db.sql`select store_response(${user_id}, ${CALL}, ${key}, null, null, ${db.sql.json(refusal)})`
  }
  expect(await refusalOf(claimOne('c'))).toMatchObject({ code: 'SWKEY', message: expect.stringContaining('are too large') })
})

/** Inserts finished keys, spread over the last 20 hours. */
const sendKeys = (user_id: number, count: number) => db.sql`
  insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, status_code, body, created_at)
  select ${user_id}, ${CALL}, n, ${Buffer.alloc(32)}, now(), 201, repeat('x', 100), now() - interval '1 minute' - n * interval '3 seconds'
  from generate_series(1, ${count}::integer) n`

test('a claim reads only the keys that no stored count includes', async () => {
  const user_id = await makeUser(db.sql)
  await sendKeys(user_id, 10_000)
  const claimNew = () => db.sql`select * from claim_key(${user_id}, ${CALL}, ${unique('key')}, ${Buffer.alloc(32)}, 0, 1)`
  for (let n = 0; n < 10; n++) await claimNew()
  const [plan] = await db.sql<{ 'QUERY PLAN': string }[]>`
    explain (analyze, buffers, format json)
    select * from claim_key(${user_id}, ${CALL}, ${unique('key')}, ${Buffer.alloc(32)}, 0, 1)`
  const [{ Plan: root }] = JSON.parse(plan?.['QUERY PLAN'] as string)
  expect(root['Shared Hit Blocks'] + root['Shared Read Blocks']).toBeLessThan(80)
  const [counted] = await db.sql`select keys, bytes from count_keys(${user_id})`
  expect(counted).toEqual({ keys: 10_011, bytes: 1_000_000 })
  await db.sql`select set_quota(${user_id}, 'keys', 10011)`
  expect(await refusalOf(claimNew())).toMatchObject({ code: 'SWKEY', detail: { limit: 10_011 } })
})

test('one of two concurrent claims stores a count, and the other does not wait', async () => {
  const user_id = await makeUser(db.sql)
  await sendKeys(user_id, 150)
  const claimNew = (sql = db.sql) =>
    sql`select * from claim_key(${user_id}, ${CALL}, ${unique('key')}, ${Buffer.alloc(32)}, 0, 1)`
  const rivals = await openRivals(db.url, 1)
  const { sql } = rivals.all[0] as Rival
  await sql`begin`
  await claimNew(sql)
  expect(await outcomeOf(claimNew())).toBe('done')
  await sql`commit`
  await claimNew()
  expect(await db.sql`select keys, bytes from key_counts where user_id = ${user_id}`).toMatchObject([
    { keys: 150, bytes: 15_000 },
  ])
  await rivals.close()
})
