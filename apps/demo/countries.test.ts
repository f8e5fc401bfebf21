import { expect, test } from 'bun:test'
import { iso31661 } from 'iso-3166'
import { COUNTRY_CODES, countryName } from './page/countries.ts'

test('the form of the address offers the countries of ISO 3166-1, each with a name', () => {
  expect([...COUNTRY_CODES]).toEqual(iso31661.map(({ alpha2 }) => alpha2).sort())
  expect(COUNTRY_CODES.filter((code) => countryName(code) === code)).toEqual([])
  expect(countryName('Narnia')).toBe('Narnia')
})
