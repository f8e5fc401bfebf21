import { expect, test } from 'bun:test'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const newHash = () => crypto.getRandomValues(new Uint8Array(32))
const STEP = 59_866_486

type Proof = { step?: number | null; hash?: Uint8Array | null }

const start = (user: number, { step = null, hash = null }: Proof = {}, sql = db.sql) =>
  sql`select expires_at from start_session(${user}, '*', ${newHash()}, 3600, factor_step => ${step}, code_hash => ${hash})`
const remove = (user: number, { step = null, hash = null }: Proof, password = '*', sql = db.sql) =>
  sql`select remove_second_factor(${user}, ${password}, ${step}, ${hash})`
const begin = (user: number, codes: Uint8Array[] = [], password = '*', sql = db.sql) =>
  sql`select begin_second_factor(${user}, ${password}, ${new Uint8Array(20)}, ${codes.map((code) => Buffer.from(code).toString('hex'))})`

/** Makes an account with a confirmed second factor, of which the step STEP was used. */
async function makeAccount(codes: Uint8Array[] = []): Promise<number> {
  const user = await db.makeUser()
  await begin(user, codes)
  await db.sql`select confirm_second_factor(${user}, ${STEP})`
  return user
}
const countSessions = (user: number) => db.value<number>`select count(*)::integer from sessions where user_id = ${user}`

test('one code in 50 concurrent sign-ins starts one session', async () => {
  const user = await makeAccount()
  const outcomes = await db.race(50, ({ sql }) => outcomeOf(start(user, { step: STEP + 1, hash: newHash() }, sql)))
  expect(tally(outcomes)).toEqual({ done: 1, SWCRD: 49 })
  expect(await countSessions(user)).toBe(1)
})

test('one recovery code in 50 concurrent sign-ins starts one session, and the other codes still work', async () => {
  const codes = [newHash(), newHash()] as const
  const user = await makeAccount([...codes])
  const outcomes = await db.race(50, ({ sql }) => outcomeOf(start(user, { hash: codes[0] }, sql)))
  expect(tally(outcomes)).toEqual({ done: 1, SWCRD: 49 })
  expect(await countSessions(user)).toBe(1)
  await start(user, { hash: codes[1] })
})

test('a sign-in without a code, with an old step or with a wrong code starts no session and uses nothing', async () => {
  const user = await makeAccount()
  expect(await refusalOf(start(user))).toMatchObject({ code: 'SWFAC' })
  for (const step of [null, STEP - 1, STEP])
    expect(await refusalOf(start(user, { step, hash: newHash() }))).toMatchObject({ code: 'SWCRD' })
  expect(await countSessions(user)).toBe(0)
  await start(user, { step: STEP + 1, hash: newHash() })
  expect(await refusalOf(start(user, { step: STEP + 1, hash: newHash() }))).toMatchObject({ code: 'SWCRD' })
})

test('a code of a sign-in that fails later is not used', async () => {
  const user = await makeAccount()
  await db.sql
    .begin(async (sql) => {
      await start(user, { step: STEP + 1, hash: newHash() }, sql as never)
      throw new Error('undo')
    })
    .catch(() => {})
  await start(user, { step: STEP + 1, hash: newHash() })
})

test('a second factor counts from its confirmation on, once', async () => {
  const user = await db.makeUser()
  expect(await refusalOf(db.sql`select confirm_second_factor(${user}, ${STEP})`)).toMatchObject({ code: 'SWNTF' })
  await begin(user)
  await start(user)
  expect(await refusalOf(db.sql`select confirm_second_factor(${user}, null)`)).toMatchObject({ code: 'SWINV' })
  expect(await refusalOf(remove(user, { step: STEP, hash: newHash() }))).toMatchObject({ code: 'SWNTF' })
  const confirmed = await db.race(8, ({ sql }) => outcomeOf(sql`select confirm_second_factor(${user}, ${STEP})`))
  expect(tally(confirmed)).toEqual({ done: 1, SWNTF: 7 })
  expect(await refusalOf(begin(user))).toMatchObject({ code: 'SWFEX' })
})

test('adding and removing one require a password that is still the stored one', async () => {
  const user = await db.makeUser()
  const wrong = { code: 'SWINV', detail: { field: 'password' } }
  expect(await refusalOf(begin(user, [], 'an old hash'))).toMatchObject(wrong)
  const owner = await makeAccount()
  expect(await refusalOf(remove(owner, { step: STEP + 1, hash: newHash() }, 'an old hash'))).toMatchObject(wrong)
  expect(await refusalOf(remove(owner, { step: STEP, hash: newHash() }))).toMatchObject({ detail: { field: 'code' } })
  await remove(owner, { step: STEP + 1, hash: newHash() })
  await start(owner)
})
