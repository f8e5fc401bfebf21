import { expect, test } from 'bun:test'
import type { Pool } from '../../src/platform/db/client.ts'
import { outcomeOf, refusalOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const OLD = '$argon2id$old'
const NEW = '$argon2id$new'

/** Returns a unique token hash. */
const newHash = () => crypto.getRandomValues(new Uint8Array(32))

async function makeAccount(): Promise<number> {
  const user = await db.makeUser()
  await db.sql`update users set password = ${OLD} where id = ${user}`
  return user
}

const start = (user: number, password: string, hash = newHash(), sql = db.sql) =>
  sql`select * from start_session(${user}, ${password}, ${hash}, 3600)`
const change = (user: number, from: string, to: string, hash = newHash(), sql = db.sql) =>
  sql`select * from change_password(${user}, ${from}, ${to}, ${hash})`
const countSessions = async (user: number) => (await db.sql`select from sessions where user_id = ${user}`).length

test("change_password ends every session but the caller's and returns them", async () => {
  const [user, other] = [await makeAccount(), await makeAccount()]
  const [own, elsewhere] = [newHash(), newHash()]
  for (const hash of [own, elsewhere]) await start(user, OLD, hash)
  await start(other, OLD)
  const ended = await change(user, OLD, NEW, own)
  expect(ended.map((row) => [...row.ended_token_hash])).toEqual([[...elsewhere]])
  expect([await countSessions(user), await countSessions(other)]).toEqual([1, 1])
})

test('change_password and start_session refuse a hash that is no longer the stored one', async () => {
  const user = await makeAccount()
  await change(user, OLD, NEW)
  expect(await refusalOf(change(user, OLD, 'third'))).toMatchObject({ code: 'SWINV', detail: { field: 'current_password' } })
  expect(await refusalOf(start(user, OLD))).toMatchObject({ code: 'SWCRD' })
  expect(await countSessions(user)).toBe(0)
})

test('one of ten concurrent changes succeeds', async () => {
  const user = await makeAccount()
  const outcomes = await db.race(10, ({ sql }, n) => outcomeOf(change(user, OLD, `$argon2id$${n}`, newHash(), sql)))
  expect(tally(outcomes)).toEqual({ done: 1, SWINV: 9 })
})

test.each([
  ['a sign-in that waits for a change of the password begins no session', 'change', 'SWCRD'],
  ['a change of the password that waits for a sign-in ends its session', 'sign-in', 'done'],
])('%s', async (_title, first, outcome) => {
  const user = await makeAccount()
  const changing = (sql: Pool) => outcomeOf(change(user, OLD, NEW, newHash(), sql))
  const signingIn = (sql: Pool) => outcomeOf(start(user, OLD, newHash(), sql))
  const result = first === 'change' ? db.interleave(changing, signingIn) : db.interleave(signingIn, changing)
  expect(await result).toBe(outcome)
  expect(await countSessions(user)).toBe(0)
})

test('end_sessions ends all sessions of one user and none of another', async () => {
  const [user, other] = [await makeAccount(), await makeAccount()]
  for (const one of [user, user, other]) await start(one, OLD)
  expect(await db.sql`select * from end_sessions(${user})`).toHaveLength(2)
  expect([await countSessions(user), await countSessions(other)]).toEqual([0, 1])
})
