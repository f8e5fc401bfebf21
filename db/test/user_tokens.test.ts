import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { unique } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const emailOf = (user_id: number) => db.value<string>`select email from users where id = ${user_id}`

/** Writes a mail, and takes it as the worker does. Returns the hash of its token. */
async function mailToken(kind: string, user_id: number, email: string | null = null): Promise<Uint8Array> {
  const token_hash = createHash('sha256').update(unique('token')).digest()
  await db.sql`select write_mail(${kind}, ${user_id}, email => ${email})`
  const mail_id = await db.value<number>`select max(id) from mails where kind = ${kind} and user_id = ${user_id}`
  expect(await db.rows`select kind from take_mail(${mail_id}, ${token_hash})`).toEqual([{ kind }])
  return token_hash
}

const useToken = (token_hash: Uint8Array, purpose = 'verify_email') => db.sql`select use_token(${token_hash}, ${purpose})`

describe('a token', () => {
  test('is used once', async () => {
    const token = await mailToken('verify_email', await db.makeUser())
    await useToken(token)
    expect(await refusalOf(useToken(token))).toMatchObject({ code: 'SWINV', detail: { field: 'token' } })
  })

  test('that 50 connections use at once is used once', async () => {
    const token = await mailToken('verify_email', await db.makeUser())
    const outcomes = await db.race(50, ({ sql }) => outcomeOf(sql`select use_token(${token}, 'verify_email')`))
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'SWINV')).toHaveLength(49)
  })

  test('of another purpose, or an expired one, is refused', async () => {
    const token = await mailToken('verify_email', await db.makeUser())
    expect(await refusalOf(useToken(token, 'reset_password'))).toMatchObject({ code: 'SWINV' })
    await db.sql`update user_tokens set expires_at = now() where token_hash = ${token}`
    expect(await refusalOf(useToken(token))).toMatchObject({ code: 'SWINV' })
  })

  test('ends the tokens of other mails to the same address', async () => {
    const user = await db.makeUser()
    const [first, second] = [await mailToken('verify_email', user), await mailToken('verify_email', user)]
    await useToken(second)
    expect(await refusalOf(useToken(first))).toMatchObject({ code: 'SWINV' })
  })

  test('is stored as a hash alone', async () => {
    const columns = await db.rows<{ column_name: string }>`
      select column_name from information_schema.columns where table_name in ('mails', 'user_tokens')`
    expect(columns.map(({ column_name }) => column_name).filter((name) => name.includes('token'))).toEqual(['token_hash'])
  })
})

describe('confirm_email', () => {
  test('proves the address', async () => {
    const user = await db.makeUser()
    await db.sql`update users set email_verified_at = null, mail_rejected_at = now() where id = ${user}`
    await db.sql`select confirm_email(${await mailToken('verify_email', user)})`
    expect(await db.rows`select email_verified_at is not null as v, mail_rejected_at from users where id = ${user}`).toEqual([
      { v: true, mail_rejected_at: null },
    ])
  })

  test('makes a new address that of the account, tells both, and ends older tokens', async () => {
    const user = await db.makeUser()
    const [old, fresh] = [await emailOf(user), `${unique('new')}@example.com`]
    const [to_old, reset] = [await mailToken('verify_email', user), await mailToken('reset_password', user)]
    await db.sql`select confirm_email(${await mailToken('change_email', user, fresh)})`
    expect(await emailOf(user)).toBe(fresh)
    const told = await db.rows`select email from mails where kind = 'email_changed' and user_id = ${user} order by id`
    expect(told).toEqual([{ email: old }, { email: fresh }])
    expect(await refusalOf(useToken(to_old))).toMatchObject({ code: 'SWINV' })
    expect(await refusalOf(db.sql`select reset_password(${reset}, 'x')`)).toMatchObject({ code: 'SWINV' })
  })

  test('refuses an address that another account has meanwhile, and leaves the token usable', async () => {
    const [user, other] = [await db.makeUser(), await db.makeUser()]
    const token = await mailToken('change_email', user, await emailOf(other))
    expect(await refusalOf(db.sql`select confirm_email(${token})`)).toMatchObject({ code: 'SWEML' })
    await db.sql`update users set email = ${`${unique('gone')}@example.com`} where id = ${other}`
    await db.sql`select confirm_email(${token})`
  })

  test('of two people who claim one address gives it to one', async () => {
    const [one, two, email] = [await db.makeUser(), await db.makeUser(), `${unique('shared')}@example.com`]
    const tokens = [await mailToken('change_email', one, email), await mailToken('change_email', two, email)]
    const outcomes = await db.race(2, ({ sql }, place) => outcomeOf(sql`select confirm_email(${tokens[place] as Uint8Array})`))
    expect(outcomes.toSorted()).toEqual(['SWEML', 'done'])
  })
})

describe('reset_password', () => {
  test('sets the password, proves the address, ends all sessions, and mails the owner', async () => {
    const user = await db.makeUser()
    await db.sql`update users set password = 'old', email_verified_at = null where id = ${user}`
    await db.sql`select * from start_session(${user}, 'old', ${createHash('sha256').update(unique('s')).digest()}, 60)`
    await db.sql`select reset_password(${await mailToken('reset_password', user)}, 'new')`
    expect(await db.rows`select password, email_verified_at is not null as is_verified from users where id = ${user}`).toEqual([
      { password: 'new', is_verified: true },
    ])
    expect(await db.rows`select from sessions where user_id = ${user}`).toEqual([])
    expect(await db.rows`select kind from mails where user_id = ${user} order by id desc limit 1`).toEqual([
      { kind: 'password_changed' },
    ])
  })

  test('refuses the token of an address that the account no longer has', async () => {
    const user = await db.makeUser()
    const token = await mailToken('reset_password', user)
    await db.sql`update users set email = ${`${unique('moved')}@example.com`} where id = ${user}`
    expect(await refusalOf(db.sql`select reset_password(${token}, 'new')`)).toMatchObject({ code: 'SWINV' })
  })

  test('against a change of the password: one of them sets it, and the other is refused', async () => {
    const user = await db.makeUser()
    await db.sql`update users set password = 'old' where id = ${user}`
    const token = await mailToken('reset_password', user)
    const hash = createHash('sha256').update(unique('kept')).digest()
    const outcomes = await db.race(2, ({ sql }, place) =>
      outcomeOf(
        place === 0
          ? sql`select reset_password(${token}, 'reset')`
          : sql`select * from change_password(${user}, 'old', 'changed', ${hash})`,
      ),
    )
    expect(outcomes.toSorted()).toEqual(['SWINV', 'done'])
    const winner = outcomes[0] === 'done' ? 'reset' : 'changed'
    expect(await db.value<string>`select password from users where id = ${user}`).toBe(winner)
  })
})

describe('a request of a password reset', () => {
  test('writes the same for a known and an unknown address, and the worker forgets the unknown one', async () => {
    const known = await emailOf(await db.makeUser())
    const unknown = `${unique('unknown')}@example.com`
    for (const email of [known, unknown]) {
      await db.sql`select request_password_reset(${email})`
      const [mail] = await db.rows<{ id: number }>`select id from mails where email = ${email}`
      expect(await db.waitingJobs('send_mails')).toContainEqual({ mail_ids: [mail?.id] })
    }
    const [mail] = await db.rows<{ id: number }>`select id from mails where email = ${unknown}`
    expect(await db.rows`select * from take_mail(${mail?.id}, ${Buffer.alloc(32)})`).toEqual([])
    expect(await db.rows`select from mails where email = ${unknown}`).toEqual([])
  })
})

describe('what another person asked for before', () => {
  const old_hash = createHash('sha256').update('session').digest()

  test.each(['reset_password', 'change_password'])('cannot take the account after %s', async (call) => {
    const user = await db.makeUser()
    await db.sql`update users set password = 'old' where id = ${user}`
    const [to_other, waiting] = [`${unique('evil')}@example.com`, `${unique('later')}@example.com`]
    const taking = await mailToken('change_email', user, to_other)
    await db.sql`select write_mail('change_email', ${user}, email => ${waiting})`
    if (call === 'reset_password') await db.sql`select reset_password(${await mailToken('reset_password', user)}, 'new')`
    else await db.sql`select * from change_password(${user}, 'old', 'new', ${old_hash})`
    expect(await refusalOf(db.sql`select confirm_email(${taking})`)).toMatchObject({ code: 'SWINV' })
    expect(await db.value<string>`select status from mails where email = ${waiting}`).toBe('dropped')
  })

  test('shows no order to an old address after a change of the address', async () => {
    const { buyer_id } = await db.makeSale()
    const mail_id = await db.value<number>`select id from mails where kind = 'checkout_paid' and user_id = ${buyer_id}`
    const link = createHash('sha256').update(unique('link')).digest()
    await db.sql`select * from take_mail(${mail_id}, ${link})`
    await db.sql`select confirm_email(${await mailToken('change_email', buyer_id, `${unique('new')}@example.com`)})`
    expect(await db.value<boolean>`select expires_at <= now() from user_tokens where token_hash = ${link}`).toBe(true)
  })

  test('leaves no second factor and no address to the owner of an address that was never proved', async () => {
    const user = await db.makeUser()
    await db.sql`update users set password = 'old', email_verified_at = null where id = ${user}`
    await db.sql`insert into second_factors (user_id, secret, confirmed_at) values (${user}, ${Buffer.alloc(20)}, now())`
    await db.sql`insert into addresses (user_id, name, line1, city, country) values (${user}, 'Eve', '1 Lane', 'Bonn', 'DE')`
    await db.sql`select reset_password(${await mailToken('reset_password', user)}, 'new')`
    expect(await db.rows`select from second_factors where user_id = ${user}`).toEqual([])
    expect(await db.rows`select from addresses where user_id = ${user}`).toEqual([])
  })
})
