/** The active filters, each with the view without it. */
import type { Static } from '@sinclair/typebox'
import type { Shop } from '../../../src/domains/shops/schemas.ts'
import { html } from './build.ts'
import { nameOf, type Places } from './categories.ts'
import { change, hrefOf, optionsIn, type View } from './view.ts'
import { priceRange } from './words.ts'

export type Filter = { name: string; label: string; without: View }

/** Returns the active filters. The query, the sort order and the position are not filters. */
export function filtersOf(view: View, places: Places, shop: Static<typeof Shop> | null): Filter[] {
  const filters: Filter[] = []
  const add = (name: string, label: string, without: View) => filters.push({ name, label, without })
  if (view.shop) add('shop', `Shop: ${shop?.name ?? view.shop}`, change(view, { shop: null }))
  if (view.category) add('category', nameOf(view.category, places), change(view, { category: null }))
  if (view.price_min || view.price_max)
    add('price', priceRange(view.price_min, view.price_max), change(view, { price_min: null, price_max: null }))
  if (view.is_vintage) add('vintage', view.is_vintage === 'true' ? 'Vintage' : 'Not vintage', change(view, { is_vintage: null }))
  for (const option of optionsIn(view)) add(`option-${option}`, option.replace(':', ': '), withoutOption(view, option))
  if (view.exact) add('exact', 'Exactly as typed', change(view, { exact: null }))
  return filters
}

/** Returns the view without one of its chosen values. */
export function withoutOption(view: View, option: string): View {
  return change(view, {
    option:
      optionsIn(view)
        .filter((one) => one !== option)
        .join('\n') || null,
  })
}

/** Returns the view without its filters. */
export function unfiltered(view: View): View {
  const { q, sort } = view
  return change({}, { q: q ?? null, sort: sort ?? null })
}

/** Makes a removable chip for each active filter, and a link that removes all. */
export function chipsFor(view: View, filters: Filter[]): HTMLElement[] {
  const chips = filters.map(({ name, label, without }) =>
    html(
      'li',
      {},
      html(
        'a',
        { class: 'chip', href: hrefOf(without), 'data-key': `chip-${name}` },
        html('span', { class: 'unseen' }, 'Remove the filter '),
        label,
        html('span', { class: 'cross', 'aria-hidden': true }),
      ),
    ),
  )
  if (filters.length > 0)
    chips.push(html('li', {}, html('a', { class: 'clear', href: hrefOf(unfiltered(view)), 'data-key': 'clear' }, 'Clear all')))
  return chips
}
