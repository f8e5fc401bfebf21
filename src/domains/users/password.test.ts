import { describe, expect, test } from 'bun:test'
import { createPasswordHasher, type PasswordHasher } from './password.ts'

/** Fills every place and every seat of the queue: two hashes run, 64 wait. */
const fill = (hasher: PasswordHasher) => Array.from({ length: 66 }, (_, n) => hasher.hash(`password ${n}`))

describe('a password', () => {
  test('is stored as argon2id with 19 MiB and two passes, salted', async () => {
    const hasher = createPasswordHasher()
    const [one, other] = [await hasher.hash('correct horse'), await hasher.hash('correct horse')]
    expect(one).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(other).not.toBe(one)
    expect(await hasher.verify('correct horse', one)).toBe(true)
    expect(await hasher.verify('correct hors', one)).toBe(false)
  })

  test('is hashed with the configured memory', async () => {
    const hasher = createPasswordHasher(64)
    const hash = await hasher.hash('correct horse')
    expect(hash).toStartWith('$argon2id$v=19$m=64,t=2,p=1$')
    expect(await hasher.verify('correct horse', hash)).toBe(true)
    expect(await hasher.verify('correct hors', hash)).toBe(false)
  })

  test('is the same in any Unicode composition', async () => {
    const hasher = createPasswordHasher()
    expect(await hasher.verify('Zoe\u0308', await hasher.hash('Zo\u00eb'))).toBe(true)
  })

  test('matches nothing without an account, or for an account without sign-in', async () => {
    const hasher = createPasswordHasher()
    for (const hash of [null, '*', '', 'correct horse']) expect(await hasher.verify('correct horse', hash)).toBe(false)
  })
})

test('many concurrent changes do not block sign-ins', async () => {
  const hasher = createPasswordHasher()
  const changes = Array.from({ length: 100 }, (_, n) => hasher.of_changes.hash(`password ${n}`).catch((error: unknown) => error))
  expect(await hasher.verify('correct horse', null)).toBe(false)
  const answers = await Promise.all(changes)
  const refused = answers.filter((answer) => typeof answer !== 'string')
  expect(refused.length).toBeGreaterThan(0)
  for (const answer of refused) expect(answer).toMatchObject({ code: 'unavailable', headers: { 'Retry-After': '1' } })
})

test('too many concurrent ones get a Retry-After, with an account and without', async () => {
  const hasher = createPasswordHasher()
  const hash = await hasher.hash('correct horse')
  const running = fill(hasher)
  // Both stand in the same queue: nothing tells an unknown e-mail from a known one.
  const answers = [hasher.verify('correct horse', hash), hasher.verify('correct horse', null), hasher.hash('one more')]
  for (const refused of await Promise.all(answers.map((answer) => answer.catch((error: unknown) => error))))
    expect(refused).toMatchObject({ code: 'unavailable', headers: { 'Retry-After': '1' } })
  expect(await Promise.all(running)).toHaveLength(66)
  expect(await hasher.verify('correct horse', hash)).toBe(true)
})
