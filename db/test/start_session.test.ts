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

/** A sign-in from an address with a device. */
const signIn = (user: number, address_hash: Uint8Array | null, device: string | null) =>
  db.sql`select * from start_session(${user}, '*', ${newHash()}, 3600, ${address_hash}, 1, device => ${device})`
const noticesOf = (user: number) => db.value<number>`
  select count(*)::integer from mails m join sessions s on s.id = m.fact_id and s.user_id = m.user_id
  where m.kind = 'new_device' and m.user_id = ${user}`

test('the owner gets a mail about a sign-in with a new device from a new address, except the first', async () => {
  const user = await db.makeUser()
  const [home, away] = [newHash(), newHash()]
  const expectNotices = async (count: number) => expect(await noticesOf(user)).toBe(count)
  await signIn(user, home, 'Firefox on Windows')
  await expectNotices(0)
  await signIn(user, home, 'Safari on iOS')
  await signIn(user, away, 'Firefox on Windows')
  await expectNotices(0)
  await signIn(user, newHash(), 'Chrome on Linux')
  await expectNotices(1)
  // A client without a known browser is a device like others.
  await signIn(user, newHash(), null)
  await expectNotices(2)
  await signIn(user, newHash(), null)
  await expectNotices(2)
  await db.sql`update sign_in_addresses set last_signed_in_at = now() - interval '30 days' where user_id = ${user}`
  await signIn(user, home, 'Edge on Windows')
  await expectNotices(3)
})

test('an account that has slept so long that no session and address is left gets the mail, too', async () => {
  const user = await db.makeUser()
  await signIn(user, newHash(), 'Firefox on Windows')
  await db.sql`delete from sessions where user_id = ${user}`
  await db.sql`delete from sign_in_addresses where user_id = ${user}`
  await signIn(user, newHash(), 'Firefox on Windows')
  expect(await noticesOf(user)).toBe(1)
})

const DAY_S = 24 * 3600
const find = await Bun.file(new URL('../queries/sessions/find_session.sql', import.meta.url)).text()
/** Returns the user of a live session as authenticate finds it, with the seconds until its end. */
const use = async (token_hash: Uint8Array, sql = db.sql) =>
  (await sql.unsafe<{ user_id: number; expires_in_s: number }[]>(find, [token_hash as Buffer]))[0]

/** Starts a session of 90 days and moves its times into the past. */
async function startAgo(days: number, last_used_days_ago: number): Promise<Uint8Array> {
  const [user, token_hash] = [await db.makeUser(), newHash()]
  await db.sql`select * from start_session(${user}, '*', ${token_hash}, ${90 * DAY_S})`
  await db.sql`
    update sessions set created_at = created_at - make_interval(days => ${days}),
      ends_at = ends_at - make_interval(days => ${days}),
      last_used_at = last_used_at - make_interval(days => ${last_used_days_ago}),
      expires_at = least(ends_at - make_interval(days => ${days}), expires_at - make_interval(days => ${last_used_days_ago}))
    where token_hash = ${token_hash}`
  return token_hash
}

test('a session ends after 30 days without use, and a use moves that end', async () => {
  expect(await use(await startAgo(30, 30))).toBeUndefined()
  const used = await startAgo(29, 29)
  expect((await use(used))?.expires_in_s).toBeWithin(29.9 * DAY_S, 30.01 * DAY_S)
})

test('a session ends 90 days after the sign-in, however often it is used', async () => {
  const used = await startAgo(85, 2)
  expect((await use(used))?.expires_in_s).toBeWithin(4.9 * DAY_S, 5.01 * DAY_S)
  expect(await use(await startAgo(90, 0))).toBeUndefined()
})

test('a shorter session is not prolonged, nor one of an earlier version without ends_at', async () => {
  const token_hash = await startAgo(1, 1)
  await db.sql`update sessions set expires_at = now() + interval '1 hour', ends_at = null where token_hash = ${token_hash}`
  expect((await use(token_hash))?.expires_in_s).toBeWithin(3500, 3600.1)
  await db.sql`
    update sessions set last_used_at = now() - interval '2 days', ends_at = now() + interval '1 hour'
    where token_hash = ${token_hash}`
  expect((await use(token_hash))?.expires_in_s).toBeWithin(3500, 3600.1)
})

test('the use of a session is written once a day, also if 20 calls come at once', async () => {
  await db.sql`create table written_uses (last_used_at timestamptz)`
  await db.sql.unsafe(`
    create function note_use() returns trigger language plpgsql security definer as $$
      begin insert into written_uses values (new.last_used_at); return null; end $$;
    create trigger note_use after update on sessions for each row when (new.last_used_at > old.last_used_at)
      execute function note_use()`)
  const token_hash = await startAgo(3, 1)
  const found = await db.race(20, async ({ sql }) => (await use(token_hash, sql))?.user_id)
  expect(new Set(found).size).toBe(1)
  await use(token_hash)
  expect(await db.value<number>`select count(*)::integer from written_uses`).toBe(1)
  await db.sql`drop function note_use cascade`
})
