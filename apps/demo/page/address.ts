/** The shipping address: its fields, and how it is shown. */
import type { Static } from '@sinclair/typebox'
import type { AddressInput } from '../../../src/domains/addresses/schemas.ts'
import type { Address } from '../../../src/domains/orders/schemas.ts'
import { html } from './build.ts'
import { countryName, countrySelect, readCountry } from './countries.ts'
import { inputFor, withLabel } from './form.ts'

type Input = Static<typeof AddressInput>

const FIELDS = [
  { name: 'name', label: 'Name', autocomplete: 'shipping name', required: true, maxlength: 200 },
  { name: 'line1', label: 'Street and number', autocomplete: 'shipping address-line1', required: true, maxlength: 200 },
  { name: 'line2', label: 'Floor, unit, care of (optional)', autocomplete: 'shipping address-line2', maxlength: 200 },
  { name: 'city', label: 'City', autocomplete: 'shipping address-level2', required: true, maxlength: 100 },
  { name: 'region', label: 'State or region (optional)', autocomplete: 'shipping address-level1', maxlength: 100 },
  { name: 'postal_code', label: 'Postal code', autocomplete: 'shipping postal-code', maxlength: 20 },
] as const

/** Makes the fields of an address, with the values of an earlier one. */
export function addressFields(known: Partial<Input>): HTMLElement {
  const fields = FIELDS.map(({ name, label, ...attributes }) => {
    const field = inputFor({ label, name, pointer: `#/shipping_address/${name}`, value: known[name] ?? '', attributes })
    field.classList.add(`of-${name}`)
    return field
  })
  const chosen = known.country ?? readCountry()
  const country = countrySelect(chosen, { name: 'country', autocomplete: 'shipping country' })
  return html('div', { class: 'address' }, ...fields, withLabel('Country', '#/shipping_address/country', country))
}

/** Reads the fields. Leaves out empty optional ones. */
export function readAddress(form: HTMLFormElement): Input {
  const given = new FormData(form)
  const names = [...FIELDS.map(({ name }) => name), 'country'] as const
  const values = names.map((name) => [name, String(given.get(name) ?? '').trim()] as const).filter(([, value]) => value !== '')
  return Object.fromEntries(values) as Input
}

/** Makes the lines of an address. An order can have the country alone. */
export function addressLines(address: Partial<Static<typeof Address>>): HTMLElement {
  const { name, line1, line2, city, region, postal_code, country } = address
  const place = [city, [region, postal_code].filter(Boolean).join(' ')].filter(Boolean).join(', ')
  const lines = [name, line1, line2, place, country && countryName(country)].filter((line): line is string => Boolean(line))
  return html('address', {}, ...lines.map((line) => html('div', {}, line)))
}
