import { expect, test } from 'bun:test'
import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../../src/platform/db/client.ts'
import { unique } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { countPages, testDatabase } from './test_database.ts'

const db = await testDatabase()
const user = await db.makeUser()

const CALL = 'POST /v1/things'
type Claim = { key: string; body?: string; lease_s?: number; sql?: Sql; user_id?: number; call?: string }

/** Claims a new key, or this one, within the quota. */
const claimWithin = (user_id: number, key = unique('key'), sql: Sql = db.sql) =>
  sql`select * from claim_key(${user_id}, ${CALL}, ${key}, ${Buffer.alloc(32)}, 0, 1)`

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
  expect(await claim({ key, user_id: await db.makeUser() })).toMatchObject({ has_response: false })
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

test('a key is in progress while its first call runs, and free after it rolls back', async () => {
  const key = unique('key')
  const unfinished = new Error('the first call failed')
  const first = db.sql.begin(async (tx) => {
    await claim({ key, sql: tx })
    expect(await refusalOf(claim({ key }))).toMatchObject({ code: 'SWIDP', message: 'In progress' })
    throw unfinished
  })
  await expect(first).rejects.toBe(unfinished)
  expect(await claim({ key })).toMatchObject({ has_response: false })
})

test('claim_key accepts 20,000 new keys of an account a day, more if an operator allows it, and any finished key', async () => {
  const user_id = await db.makeUser()
  const key = unique('key')
  const fill = (name: string, count: number, age: string) => db.sql`
    insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, created_at)
    select ${user_id}, ${CALL}, ${name} || n, ${Buffer.alloc(32)}, now(), now() - ${age}::interval
    from generate_series(1, ${count}::integer) n`
  await fill('', 19_998, '23 hours')
  await fill('old ', 100, '25 hours')
  await claimWithin(user_id, key)
  await db.sql`select store_response(${user_id}, ${CALL}, ${key}, 201, '{}')`
  await claimWithin(user_id)
  expect(await refusalOf(claimWithin(user_id))).toMatchObject({ code: 'SWKEY', detail: { quota: 'keys', limit: 20_000 } })
  expect(await claimWithin(user_id, key)).toMatchObject([{ has_response: true, body: '{}' }])
  expect(await claim({ user_id, key: unique('key') })).toMatchObject({ has_response: false })
  await db.sql`select set_quota(${user_id}, 'keys', 20002)`
  expect(await outcomeOf(claimWithin(user_id))).toBe('done')
  expect(await outcomeOf(claimWithin(user_id))).toBe('SWKEY')
})

test('the stored responses of a day have at most 16 KiB for each key of the quota', async () => {
  const user_id = await db.makeUser()
  await db.sql`select set_quota(${user_id}, 'keys', 10)`
  for (const key of ['a', 'b']) {
    expect(await outcomeOf(claimWithin(user_id, key))).toBe('done')
    await db.sql`select store_response(${user_id}, ${CALL}, ${key}, 201, ${'x'.repeat(82_000)})`
  }
  expect(await outcomeOf(claimWithin(user_id))).toBe('SWKEY')
})

test('stored errors count as responses', async () => {
  const user_id = await db.makeUser()
  await db.sql`select set_quota(${user_id}, 'keys', 10)`
  for (const key of ['a', 'b']) {
    expect(await outcomeOf(claimWithin(user_id, key))).toBe('done')
    const refusal = { code: 'SWSTK', message: randomBytes(66_000).toString('base64') }
    await db.sql`select store_response(${user_id}, ${CALL}, ${key}, null, null, ${db.sql.json(refusal)})`
  }
  expect(await refusalOf(claimWithin(user_id))).toMatchObject({
    code: 'SWKEY',
    message: expect.stringContaining('are too large'),
  })
})

/** Inserts finished keys, spread over the last 20 hours. */
const sendKeys = (user_id: number, count: number) => db.sql`
  insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, status_code, body, created_at)
  select ${user_id}, ${CALL}, n, ${Buffer.alloc(32)}, now(), 201, repeat('x', 100),
    now() - interval '1 minute' - n * interval '3 seconds'
  from generate_series(1, ${count}::integer) n`

test('a claim reads only the keys that no stored count includes', async () => {
  const user_id = await db.makeUser()
  await sendKeys(user_id, 10_000)
  for (let n = 0; n < 10; n++) await claimWithin(user_id)
  const claiming = `select * from claim_key(${user_id}, '${CALL}', 'counted', sha256('x'), 0, 1)`
  expect(await countPages(db.sql, claiming)).toBeLessThan(80)
  const [counted] = await db.sql`select keys, bytes from count_keys(${user_id})`
  expect(counted).toEqual({ keys: 10_011, bytes: 1_000_000 })
  await db.sql`select set_quota(${user_id}, 'keys', 10011)`
  expect(await refusalOf(claimWithin(user_id))).toMatchObject({ code: 'SWKEY', detail: { limit: 10_011 } })
})

test('one of two concurrent claims stores a count, and the other does not wait', async () => {
  const user_id = await db.makeUser()
  await sendKeys(user_id, 150)
  await db.sql.begin(async (tx) => {
    await claimWithin(user_id, unique('key'), tx)
    expect(await outcomeOf(claimWithin(user_id))).toBe('done')
  })
  await claimWithin(user_id)
  const counts = db.rows`select keys, bytes from key_counts where user_id = ${user_id}`
  expect(await counts).toMatchObject([{ keys: 150, bytes: 15_000 }])
})
