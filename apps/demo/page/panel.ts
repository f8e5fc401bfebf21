/** The facets: filters for the same query, each with the number of its hits. */
import type { Facets } from './api.ts'
import { html } from './build.ts'
import { nameOf, type Places } from './categories.ts'
import { withoutOption } from './filters.ts'
import { change, hrefOf, optionsIn, type View } from './view.ts'
import { count, priceRange } from './words.ts'

/** The number of categories shown at first. The API returns up to 20. */
const FEW = 8

type Choice = { key: string; label: string; count: number; is_chosen: boolean; view: View; depth?: number }

export function facetsFor(view: View, facets: Facets, total_is_lower_bound: boolean, places: Places): HTMLElement[] {
  const choose = (choice: Choice) => choiceLine(choice, total_is_lower_bound)
  return [
    categorySection(view, facets.categories, choose, places),
    section('Price', priceChoices(view, facets.price_ranges).map(choose)),
    section('Age', vintageChoices(view, facets.vintage).map(choose)),
    ...facets.options.map(({ name, values }) => section(name, optionChoices(view, name, values).map(choose))),
  ].filter((part) => part !== null)
}

function categorySection(
  view: View,
  found: Facets['categories'],
  choose: (choice: Choice) => HTMLElement,
  places: Places,
): HTMLElement | null {
  if (found.length === 0) return null
  // The list is sorted by count, so a parent precedes its children.
  const few = new Set(found.slice(0, FEW).map(({ slug }) => slug))
  const path = [...(places.get(view.category ?? '')?.parents ?? []), view.category]
  const rest: HTMLElement[] = []
  const lines = inTreeOrder(found, places).map(({ slug, name, count, depth }) => {
    const is_chosen = view.category === slug
    const chosen = change(view, { category: is_chosen ? null : slug })
    const line = choose({ key: `category-${slug}`, label: name, count, is_chosen, view: chosen, depth })
    if (!few.has(slug) && !path.includes(slug)) rest.push(line)
    return line
  })
  return section('Category', lines, rest.length > 0 ? toggleFor(rest) : null)
}

/** Sorts each category under its parent, if the parent is in the list, by descending count on each level. */
function inTreeOrder(found: Facets['categories'], places: Places): (Facets['categories'][number] & { depth: number })[] {
  const slugs = new Set(found.map(({ slug }) => slug))
  const parentOf = (slug: string) => places.get(slug)?.parents.findLast((parent) => slugs.has(parent)) ?? null
  const below = (parent: string | null, depth: number): ReturnType<typeof inTreeOrder> =>
    found
      .filter(({ slug }) => parentOf(slug) === parent)
      .flatMap((category) => [{ ...category, name: nameOf(category.slug, places), depth }, ...below(category.slug, depth + 1)])
  return below(null, 0)
}

let shows_all = false

/** Makes a button that shows and hides lines. Its state holds for the next panel too. */
function toggleFor(lines: HTMLElement[]): HTMLElement {
  const button = html('button', { type: 'button', class: 'toggle', 'data-key': 'toggle' })
  const apply = () => {
    for (const line of lines) line.hidden = !shows_all
    button.textContent = shows_all ? 'Fewer categories' : `${lines.length} more`
    button.setAttribute('aria-expanded', String(shows_all))
  }
  button.addEventListener('click', () => {
    shows_all = !shows_all
    apply()
  })
  apply()
  return button
}

function priceChoices(view: View, ranges: Facets['price_ranges']): Choice[] {
  return ranges.map(({ key, from: price_min, to: price_max, count }) => {
    const is_chosen = (view.price_min ?? null) === price_min && (view.price_max ?? null) === price_max
    const chosen = change(view, is_chosen ? { price_min: null, price_max: null } : { price_min, price_max })
    const label = priceRange(price_min ?? undefined, price_max ?? undefined)
    return { key: `price-${key}`, label, count, is_chosen, view: chosen }
  })
}

function optionChoices(view: View, name: string, values: Facets['options'][number]['values']): Choice[] {
  return values.map(({ value, count }) => {
    const option = `${name}:${value}`
    const is_chosen = optionsIn(view).includes(option)
    const chosen = is_chosen ? withoutOption(view, option) : change(view, { option: [...optionsIn(view), option].join('\n') })
    return { key: `option-${option}`, label: value, count, is_chosen, view: chosen }
  })
}

function vintageChoices(view: View, ages: Facets['vintage']): Choice[] {
  return ages.map(({ is_vintage, count }) => {
    const is_chosen = view.is_vintage === String(is_vintage)
    const chosen = change(view, { is_vintage: is_chosen ? null : String(is_vintage) })
    const label = is_vintage ? 'Vintage' : 'Not vintage'
    return { key: `vintage-${is_vintage}`, label, count, is_chosen, view: chosen }
  })
}

/** Makes a link that sets or removes a filter; plain text if the filter would find nothing. */
function choiceLine({ key, label, count: total, is_chosen, view, depth = 0 }: Choice, is_lower_bound: boolean): HTMLElement {
  const number = count(total, is_lower_bound && total > 0)
  const words = [html('span', { class: 'label' }, label), html('span', { class: 'count' }, number)]
  const link = { class: 'choice', href: hrefOf(view), 'data-key': key, 'aria-current': is_chosen && 'true' }
  const is_open = total > 0 || is_chosen
  return html('li', { 'data-depth': depth }, is_open ? html('a', link, ...words) : html('span', { class: 'choice' }, ...words))
}

function section(title: string, lines: HTMLElement[], after: HTMLElement | null = null): HTMLElement {
  return html('section', {}, html('h2', {}, title), html('ul', {}, ...lines), after)
}
