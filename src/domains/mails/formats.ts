/** The filters of the templates: values as the words of a language. */
import { formatAddress } from 'localized-address-format'
import type { Locale } from './words.ts'

export type Address = {
  name?: string | null
  line1?: string | null
  line2?: string | null
  city?: string | null
  region?: string | null
  postal_code?: string | null
  country?: string | null
}

/** Returns the filters of a language. */
export function filtersOf(locale: Locale) {
  const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' })
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  const countries = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' })
  const counted = (count: number, unit: 'day' | 'hour' | 'minute') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
  return {
    /** "24.50" becomes "$24.50". */
    money: (amount: string) => dollars.format(amount as Intl.StringNumericLiteral),
    /** "2026-12-01" becomes "December 1, 2026". */
    day: (date: string) => days.format(new Date(date)),
    /** A time becomes its day and minute in UTC. */
    moment: (time: string) => `${moments.format(new Date(time))} UTC`,
    /** 86400 becomes "24 hours". */
    duration: (seconds: number) => {
      if (seconds >= 172_800) return counted(Math.floor(seconds / 86_400), 'day')
      return seconds >= 3600 ? counted(Math.floor(seconds / 3600), 'hour') : counted(Math.floor(seconds / 60), 'minute')
    },
    /** An address becomes its lines in the order of its country, then the name of the country. */
    address_lines: (address: Address) => [...linesOf(address), ...(address.country ? [nameOf(address.country, countries)] : [])],
  }
}

const linesOf = ({ name, line1, line2, city, region, postal_code, country }: Address): string[] =>
  formatAddress({
    // SQL can write an address without a country. The default form would drop its postal code.
    postalCountry: country ?? 'US',
    name: name ?? '',
    addressLines: [line1 ?? '', line2 ?? ''],
    locality: city ?? '',
    administrativeArea: region ?? '',
    postalCode: postal_code ?? '',
  })

/** SQL can write an address whose country is no ISO code. */
const nameOf = (country: string, countries: Intl.DisplayNames) =>
  /^[A-Z]{2}$/.test(country) ? (countries.of(country) ?? country) : country
