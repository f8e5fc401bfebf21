/** What a buyer chooses on the page of a listing: a value of each option, and the text to be put on the item. */
import type { Item } from './api.ts'
import { html } from './build.ts'
import { count } from './words.ts'

type Variant = NonNullable<Item['variants']>[number]
/** `open`: an option has no chosen value yet. `unoffered`: the listing has no variant of these values. */
export type Chosen = Variant | 'open' | 'unoffered'
export type Choice = { variant_id: number | null; personalization: string | null }

/** Makes a row of radio buttons for each option. Calls `whenChosen` after each click. */
export function optionsOf(item: Item, whenChosen: (chosen: Chosen) => void): HTMLElement[] {
  const variants = item.variants ?? []
  // A listing can have options before its first variant. Until then it sells as one thing.
  const options = variants.length > 0 ? item.options : []
  const values: (string | undefined)[] = options.map(() => undefined)
  const choices: { place: number; value: string; choice: HTMLElement }[] = []
  const update = () => {
    for (const { place, value, choice } of choices) choice.classList.toggle('off', !isInStock(place, value))
    if (options.length === 0 || values.includes(undefined)) return whenChosen('open')
    whenChosen(variants.find(({ option_values }) => option_values.join('\n') === values.join('\n')) ?? 'unoffered')
  }
  /** Whether a variant in stock has this value, and the chosen value of the other option. */
  const isInStock = (place: number, value: string) =>
    variants.some(
      (variant) =>
        stockOf(item, variant) > 0 && variant.option_values.every((own, i) => own === (i === place ? value : (values[i] ?? own))),
    )
  const rows = options.map(({ name, values: all }, place) =>
    html(
      'fieldset',
      { class: 'option' },
      html('legend', {}, name),
      ...all.map((value) => {
        const input = html('input', { type: 'radio', name: `option-${place}`, value, required: true })
        input.addEventListener('change', () => {
          values[place] = value
          update()
        })
        const choice = html('span', { class: 'value' }, value)
        choices.push({ place, value, choice })
        return html('label', {}, input, choice)
      }),
    ),
  )
  update()
  return rows
}

/** Returns the units of a variant, or of the listing where all variants share them. */
export function stockOf(item: Item, variant: Variant): number {
  return variant.quantity ?? item.quantity
}

/** Makes the field for the text to be put on the item, with a count of its characters; null if the listing takes no text. */
export function personalizationOf({ personalization }: Item): HTMLElement | null {
  if (!personalization) return null
  const { instructions, is_required, max_length } = personalization
  const area = html('textarea', {
    id: 'personalization',
    name: 'personalization',
    rows: 2,
    maxlength: max_length,
    required: is_required,
    'aria-describedby': 'personalization-count',
  })
  const counter = html('p', { class: 'soft counter', id: 'personalization-count' })
  const update = () => {
    counter.textContent = `${count(area.value.length)} of ${count(max_length)} characters`
  }
  area.addEventListener('input', update)
  update()
  const optional = is_required ? null : html('span', { class: 'soft' }, ' (optional)')
  return html('div', { class: 'field' }, html('label', { for: 'personalization' }, instructions, optional), area, counter)
}
