import { expect, test } from 'bun:test'
import { centsOf, dollarsOf } from './cents.ts'

test('converts amounts to cents exactly, and back', () => {
  // 0.29 * 100 is 28.999999999999996 in floats.
  for (const [amount, cents] of [
    ['0.29', 29],
    ['24.50', 2450],
    ['0.00', 0],
    ['0.01', 1],
    ['1.10', 110],
    ['99999999.99', 9_999_999_999],
  ] as const) {
    expect(centsOf(amount)).toBe(cents)
    expect(dollarsOf(cents)).toBe(amount)
  }
  expect(centsOf('40')).toBe(4000)
  expect(centsOf('40.5')).toBe(4050)
})

test('rejects invalid amounts', () => {
  for (const text of ['', '1.', '.5', '1.234', '-1.00', '1e3', '1,00', ' 1.00']) expect(() => centsOf(text)).toThrow(RangeError)
})
