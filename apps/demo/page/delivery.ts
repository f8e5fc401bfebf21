/** Where things go: the choice of the country, and what the API says of the postage and the days to it. */
import { type Item, type Postage, readPostage } from './api.ts'
import { html } from './build.ts'
import { countryName, countrySelect, readCountry, storeCountry } from './countries.ts'
import { failureLine } from './notes.ts'
import { dollars, period } from './words.ts'

/** Makes the choice of the country. Calls `whenChosen` once the choice is stored. */
export function sendTo(whenChosen: () => void): HTMLElement {
  const select = countrySelect(readCountry(), { id: 'send-to', 'data-key': 'send-to' })
  select.addEventListener('change', () => {
    storeCountry(select.value)
    whenChosen()
  })
  return html('div', { class: 'field' }, html('label', { for: 'send-to' }, 'Send to'), select)
}

/** Makes the choice of the country for a listing, with its postage and delivery. `show` reads them for a variant. */
export function deliveryOf({ id }: Item): { element: HTMLElement; show: (variant_id: number | null) => void } {
  const told = html('div', { class: 'postage', role: 'status' })
  let shown: number | null = null
  let running = new AbortController()
  const show = async (variant_id: number | null) => {
    shown = variant_id
    running.abort()
    running = new AbortController()
    const { signal } = running
    told.ariaBusy = 'true'
    const lines = await readPostage(id, readCountry(), variant_id, signal).then(linesOf, (error) => [line(failureLine(error))])
    if (signal.aborted) return
    told.replaceChildren(...lines)
    told.ariaBusy = 'false'
  }
  const element = html(
    'div',
    { class: 'delivery' },
    sendTo(() => void show(shown)),
    told,
  )
  return { element, show: (variant_id) => void show(variant_id) }
}

/** `Arrives Dec 3 – 7, 2026`; null if the days in the post are not known. */
export function arrival(delivery: Postage['delivery']): HTMLElement | null {
  return delivery && line(`Arrives ${period(delivery)} if you order today`, 'arrival')
}

function linesOf({ shipping, per_extra_item, delivery }: Postage): HTMLElement[] {
  if (shipping === null || per_extra_item === null)
    return [line(`The shop does not send it to ${countryName(readCountry())}.`, 'hold over')]
  const further = per_extra_item === shipping ? '' : `, ${dollars(per_extra_item)} for each further item`
  const postage = Number(shipping) === 0 && Number(per_extra_item) === 0 ? 'No postage' : `${dollars(shipping)} postage${further}`
  return [line(postage), arrival(delivery)].filter((part) => part !== null)
}

function line(words: string, name: string | null = null): HTMLElement {
  return html('p', { class: name }, words)
}
