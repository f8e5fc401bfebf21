import { expect, test } from 'bun:test'
import { countDeadlocks, openRivals, race } from '../../test/support/races.ts'
import { outcomeOf, tally } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const newHash = () => crypto.getRandomValues(new Uint8Array(32))
const MAX_SESSIONS = 50

const start = (user: number, token_hash = newHash(), address_hash: Uint8Array | null = null, sql = db.sql) =>
  sql`select *, current_setting('stallwright.stale_keys', true) as stale_keys
    from start_session(${user}, '*', ${token_hash}, 3600, ${address_hash}, 1)`
const sessionsOf = (user: number) => db.value<string[]>`
  select coalesce(array_agg(encode(token_hash, 'hex') order by id), '{}') from sessions where user_id = ${user}`
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('the session after the fiftieth ends the oldest, and invalidates its cache', async () => {
  const [user, other] = await db.makeUsers(2)
  await start(other)
  const hashes = Array.from({ length: MAX_SESSIONS }, newHash)
  for (const hash of hashes) await start(user, hash)
  expect(await sessionsOf(user)).toEqual(hashes.map(hex))
  const newest = newHash()
  const [started] = await start(user, newest)
  expect(started?.stale_keys).toBe(`session:${hex(hashes[0] as Uint8Array)}`)
  expect(await sessionsOf(user)).toEqual([...hashes.slice(1), newest].map(hex))
  expect(await sessionsOf(other)).toHaveLength(1)
})

test('concurrent sign-ins leave fifty sessions, without a deadlock with a sign-out everywhere', async () => {
  const user = await db.makeUser()
  for (let n = 0; n < MAX_SESSIONS - 2; n++) await start(user)
  const rivals = await openRivals(db.url, 10)
  const started = await race(rivals, ({ sql }) => outcomeOf(start(user, newHash(), null, sql)))
  expect(tally(started)).toEqual({ done: 10 })
  expect(await sessionsOf(user)).toHaveLength(MAX_SESSIONS)
  await race(rivals, ({ sql }, n) =>
    outcomeOf(n % 2 ? start(user, newHash(), null, sql) : sql`select * from end_sessions(${user})`),
  )
  expect(await countDeadlocks(rivals)).toBe(0)
  await rivals.close()
})

test('an address is known for 30 days after a sign-in, to that account only', async () => {
  const [user, other] = await db.makeUsers(2)
  const address = newHash()
  await start(user, newHash(), address)
  await start(user, newHash(), address)
  const isKnown = (id: number, hash: Uint8Array) => db.value<boolean>`
    select c.is_known_address from users u, lateral find_credentials(u.email, ${hash}) c where u.id = ${id}`
  expect(await isKnown(user, address)).toBe(true)
  expect(await isKnown(user, newHash())).toBe(false)
  expect(await isKnown(other, address)).toBe(false)
  await db.sql`update sign_in_addresses set last_signed_in_at = now() - interval '30 days' where user_id = ${user}`
  expect(await isKnown(user, address)).toBe(false)
  await db.sql`select forget_sign_in_addresses()`
  expect(await db.sql`select from sign_in_addresses where user_id = ${user}`).toHaveLength(0)
})

test("an account's last hundred addresses are known", async () => {
  const user = await db.makeUser()
  const hash = (n: number) => Buffer.alloc(32, n)
  for (let n = 0; n < 102; n++) await start(user, newHash(), hash(n))
  const kept = await db.sql<{ hash: Buffer }[]>`
    select address_hash as hash from sign_in_addresses where user_id = ${user} order by address_hash`
  expect(kept.map(({ hash }) => hash[0])).toEqual(Array.from({ length: 100 }, (_, n) => n + 2))
})
