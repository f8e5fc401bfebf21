import { expect, test } from 'bun:test'
import { FormatRegistry } from '@sinclair/typebox'
import '../../src/http/formats.ts'
import { unique } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const register = (email: string) => db.sql<{ id: number }[]>`select * from register_user(${email}, '$argon2id$x', 'Ann')`
const find = async (email: string) => (await db.sql`select * from find_credentials(${email})`)[0]

/** Makes an account from before the rule. */
async function makeOldAccount(email: string): Promise<number> {
  return db.sql.begin(async (tx) => {
    await tx`alter table users disable trigger users__check_email`
    const [row] = await tx`insert into users (email, password, display_name) values (${email}, 'old', 'Ann') returning id`
    await tx`alter table users enable trigger users__check_email`
    return row?.id as number
  })
}

const taken = [
  'ann@example.com',
  'Ann.Lee+shop@Mail.Example.co.uk',
  "o'hara_!#$%&*/=?^`{|}~-@example.org",
  'a@xn--bcher-kva.example',
  `${'a'.repeat(64)}@example.com`,
  `ann@${'a'.repeat(63)}.example`,
]
const refused = [
  'x,victim@example.net',
  'a<b>@c.de',
  'a;b@c.de',
  'a@[127.0.0.1]',
  'a@127.0.0.1',
  'a@b.de\u202e',
  'a@b.de\u200b',
  'a\u200b@b.de',
  'ａｎｎ@example.com',
  'ann@ｅxample.com',
  'vİctim@example.com',
  'zoë@example.com',
  'ann@bücher.example',
  '"ann lee"@example.com',
  'ann (home)@example.com',
  'Ann <ann@example.com>',
  'ann@example.com\n',
  'ann@example.com ',
  ' ann@example.com',
  'ann\u0000@example.com',
  '.ann@example.com',
  'ann.@example.com',
  'an..n@example.com',
  'ann@example',
  'ann@.com',
  'ann@example..com',
  'ann@-example.com',
  'ann@example-.com',
  'ann@example.c',
  'ann@exam_ple.com',
  'ann@@example.com',
  'ann@a@example.com',
  'ann',
  '@example.com',
  `${'a'.repeat(65)}@example.com`,
  `ann@${'a'.repeat(64)}.example`,
]

test('the API and the database accept the same addresses as mail servers', async () => {
  const format = FormatRegistry.Get('email') as (value: string) => boolean
  // PostgreSQL's text cannot contain the character 0.
  const asked = [...taken, ...refused.filter((email) => !email.includes('\u0000'))]
  const outcomes = await Promise.all(asked.map(async (email) => [email, await outcomeOf(register(email))] as const))
  expect(outcomes.filter(([, outcome]) => outcome === 'done').map(([email]) => email)).toEqual(taken)
  expect(new Set(outcomes.slice(taken.length).map(([, outcome]) => outcome))).toEqual(new Set(['SWINV']))
  expect([...taken, ...refused].filter(format)).toEqual(taken)
})

test('the error names the field', async () => {
  expect(await refusalOf(register('x,victim@example.net'))).toMatchObject({ code: 'SWINV', detail: { field: 'email' } })
})

test('lookups and the unique index share one normal form, which lowercases only ASCII letters', async () => {
  const name = unique('victim')
  const [user] = await register(`${name}@example.com`)
  for (const email of [`${name}@example.com`, `${name.toUpperCase()}@EXAMPLE.com`]) {
    expect(await find(email)).toMatchObject({ id: user?.id, account: `${name}@example.com` })
    expect(await refusalOf(register(email))).toMatchObject({ code: 'SWEML' })
  }
  for (const email of [name.replace('i', 'İ'), name.replace('i', 'ı'), name.replace('v', 'ｖ'), name.replace('i', 'i\u0307')])
    expect(await find(`${email}@example.com`)).toMatchObject({ id: null, password: null, account: `${email}@example.com` })
})

test('an old account with an invalid address still works with its own spelling', async () => {
  const name = unique('Zoë')
  const id = await makeOldAccount(`${name}@example.com`)
  expect(await find(`${name}@Example.com`)).toMatchObject({ id, password: 'old' })
  expect(await outcomeOf(db.sql`select update_user(${id}, 'Bea')`)).toBe('done')
  expect(await outcomeOf(db.sql`select * from change_password(${id}, 'old', 'new', ${Buffer.alloc(32)})`)).toBe('done')
})

test('signing in finds the account by an index', async () => {
  const plan = await db.sql.begin(async (tx) => {
    await tx`set local enable_seqscan = off`
    return tx`explain select u.id from users u where normal_email(u.email) = normal_email('ann@example.com') and not u.is_guest`
  })
  expect(JSON.stringify(plan)).toContain('users_account_email_key')
})
