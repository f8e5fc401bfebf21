/** What a buyer chose of a listing, in the lines of a cart and of an order. */
import { html } from './build.ts'

/** `Small, Red`, and the text to be put on the item. */
export function chosenOf(line: { option_values: string[]; personalization: string | null }): HTMLElement[] {
  const words = [line.option_values.join(', '), line.personalization && `“${line.personalization}”`]
  return words.filter(Boolean).map((text) => html('p', { class: 'soft chosen' }, text as string))
}
