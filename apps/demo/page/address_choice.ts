/** The choice of an address: one of the address book, or another one. */
import type { Static } from '@sinclair/typebox'
import type { CheckoutInput } from '../../../src/domains/checkout/schemas.ts'
import { addressFields, readAddress } from './address.ts'
import { html } from './build.ts'
import { type SavedAddress, saveAddress } from './buying.ts'

type Chosen = Pick<Static<typeof CheckoutInput>, 'shipping_address' | 'shipping_address_id'>

/** Makes the choice. Without an address book, it is the fields of an address. */
export function addressChoice(book: SavedAddress[], display_name: string): HTMLElement {
  const keep = html(
    'label',
    { class: 'check' },
    html('input', { type: 'checkbox', name: 'keep_address' }),
    'Keep it in my address book',
  )
  const fields = html('fieldset', { class: 'column' }, addressFields({ name: display_name }), keep)
  if (book.length === 0) return fields
  const choices = book.map(({ id, name, line1, city }, i) => choice(String(id), name, `${line1}, ${city}`, i === 0))
  const all = html('fieldset', { class: 'column' }, html('legend', { class: 'unseen' }, 'Address'))
  all.append(html('div', { class: 'card-choices' }, ...choices, choice('', 'Another address', 'to type in', false)), fields)
  const showFields = () => {
    const is_new = all.querySelector<HTMLInputElement>('[name=address]:checked')?.value === ''
    fields.disabled = !is_new
    fields.hidden = !is_new
  }
  all.addEventListener('change', showFields)
  showFields()
  return all
}

/** Reads the choice as the members of a checkout. */
export function readAddressChoice(form: HTMLFormElement): Chosen {
  const id = new FormData(form).get('address')
  return id ? { shipping_address_id: Number(id) } : { shipping_address: readAddress(form) }
}

/** Returns the country of the choice. */
export function countryOf(form: HTMLFormElement, book: SavedAddress[]): string {
  const given = new FormData(form)
  const saved = book.find(({ id }) => String(id) === given.get('address'))
  return saved?.country ?? String(given.get('country'))
}

/** Saves a new address, if the buyer wishes so. The purchase has succeeded already, so an error changes nothing. */
export async function keepAddress(form: HTMLFormElement, { shipping_address }: Chosen): Promise<void> {
  if (shipping_address && new FormData(form).has('keep_address')) await saveAddress(shipping_address).catch(() => undefined)
}

function choice(value: string, title: string, words: string, checked: boolean): HTMLElement {
  return html(
    'label',
    { class: 'card-choice' },
    html('input', { type: 'radio', name: 'address', value, checked }),
    html('span', {}, html('b', {}, title), html('span', { class: 'soft' }, words)),
  )
}
