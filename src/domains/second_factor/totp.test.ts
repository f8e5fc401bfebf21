import { afterEach, expect, setSystemTime, test } from 'bun:test'
import { hashRecoveryCode, makeRecoveryCodes, readCode } from './totp.ts'

/** The secret and codes of RFC 6238, appendix B, whose last six digits are those of a six-digit code. */
const secret = new TextEncoder().encode('12345678901234567890')

afterEach(() => {
  setSystemTime()
})

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('at %d s the code is %s', (time_s, code) => {
  setSystemTime(time_s * 1000)
  expect(readCode(code, secret).factor_step).toBe(Math.floor(time_s / 30))
})

test('a code counts in its own step, and in the one before and after', () => {
  const stepsAt = (time_s: number) => {
    setSystemTime(time_s * 1000)
    return readCode('287082', secret).factor_step
  }
  expect([-31, -1, 0, 29, 30, 59, 60, 89, 90].map(stepsAt)).toEqual([null, null, 1, 1, 1, 1, 1, 1, null])
})

test('a code has no step without a secret, and without digits', () => {
  setSystemTime(59_000)
  expect(readCode('287082', null).factor_step).toBe(null)
  for (const code of ['', '28708', '2870820', 'abcdef', '２８７０８２']) expect(readCode(code, secret).factor_step).toBe(null)
  expect(readCode(' 287-082 ', secret).factor_step).toBe(1)
  expect(readCode(undefined, secret)).toEqual({ factor_step: null, code_hash: null })
})

test('a recovery code has one hash in every spelling', () => {
  const [code = ''] = makeRecoveryCodes()
  for (const spelling of [code, code.toUpperCase(), code.replaceAll('-', ' ')])
    expect(Buffer.from(readCode(spelling, null).code_hash ?? []).toString('hex')).toBe(hashRecoveryCode(code))
})
