/** What the buyer tells each shop: a note, and whether the order is a gift. */
import { html } from './build.ts'
import type { Cart } from './buying.ts'
import { withLabel } from './form.ts'

const MOST_CHARACTERS = 500

/** Makes the folded fields for each shop of a cart. */
export function noteFields({ shops }: Cart): HTMLElement[] {
  return shops.map(({ shop }, i) => {
    const text = (label: string, name: string) =>
      withLabel(
        label,
        `#/notes/${i}/${name}`,
        html('textarea', { name: nameOf(name, shop.id), rows: 2, maxlength: MOST_CHARACTERS }),
      )
    const gift = html('input', { type: 'checkbox', name: nameOf('is_gift', shop.id) })
    return html(
      'details',
      { class: 'shop-note' },
      html('summary', {}, `A note or a gift message for ${shop.name}`),
      text('Note', 'note'),
      html('label', { class: 'check' }, gift, 'It is a gift'),
      text('Gift message', 'gift_message'),
    )
  })
}

/** Reads what the buyer wrote to the shops of a cart, in its order. */
export function readNotes(form: HTMLFormElement, { shops }: Cart) {
  const given = new FormData(form)
  return shops.map(({ shop: { id: shop_id } }) => {
    const text = (name: string) => String(given.get(nameOf(name, shop_id)) ?? '').trim() || null
    const gift_message = text('gift_message')
    return { shop_id, note: text('note'), is_gift: given.has(nameOf('is_gift', shop_id)) || gift_message !== null, gift_message }
  })
}

function nameOf(field: string, shop_id: number): string {
  return `${field}-${shop_id}`
}
