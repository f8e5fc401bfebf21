/** Puts what was found, or why nothing was, onto the page. */
import { callOf, type Found } from './api.ts'
import { byId } from './build.ts'
import { cardFor } from './cards.ts'
import { nameOf, type Places } from './categories.ts'
import { chipsFor, filtersOf } from './filters.ts'
import { emptyMessage, failureLine, failureMessage, notesFor } from './notes.ts'
import { facetsFor } from './panel.ts'
import type { View } from './view.ts'
import { count, listings } from './words.ts'

/** Shows what a view says by itself, so that little moves when its listings come. */
export function renderExpected(view: View, places: Places): void {
  renderHead(view, titleOf(view, places, null), 'Searching…')
  byId('chips').replaceChildren(...chipsFor(view, filtersOf(view, places, null)))
  byId('main').classList.toggle('of-shop', view.shop !== undefined)
  byId('main').classList.toggle('without-facets', view.shop !== undefined)
}

/** Shows all that is found of a view so far. */
export function render(view: View, found: Found, places: Places): void {
  const { items, total, total_is_lower_bound, facets, shop } = found
  const filters = filtersOf(view, places, shop)
  // A shop's listings come as they are, and from nothing there is nothing to choose.
  const shown_facets = items.length > 0 || filters.length > 0 ? facets : null
  const title = shop?.name ?? titleOf(view, places, found.showing_results_for)
  keepingFocus(() => {
    renderHead(view, title, items.length === 0 ? 'No listings' : listings(total, total_is_lower_bound))
    renderCall(view, ` · answered in ${found.took_ms} ms`)
    renderFacets(shown_facets && facetsFor(view, shown_facets, total_is_lower_bound, places))
    byId('main').classList.toggle('of-shop', shop !== null)
    byId('filter-count').textContent = filters.length > 0 ? String(filters.length) : ''
    byId('close-filters').textContent = `Show ${listings(total, total_is_lower_bound)}`
    byId('notes').replaceChildren(...notesFor(view, found))
    byId('chips').replaceChildren(...chipsFor(view, filters))
    byId('message').replaceChildren(...(items.length === 0 ? [emptyMessage(view, filters)] : []))
    byId('cards').replaceChildren(...items.map(cardFor))
    renderMore(found)
  })
}

/** Adds the listings after the first `before` ones. When they are the last, the button goes and its focus moves on to them. */
export function appendCards(found: Found, before: number): void {
  const cards = byId('cards')
  cards.append(...found.items.slice(before).map(cardFor))
  renderMore(found)
  if (!found.next_cursor) cards.children[before]?.querySelector('h2')?.focus({ preventScroll: true })
}

/** Shows that there is nothing to show. */
export function renderFailure(view: View, places: Places, error: unknown, retry: () => void): void {
  keepingFocus(() => {
    renderHead(view, titleOf(view, places, null), '')
    renderCall(view, '')
    byId('chips').replaceChildren(...chipsFor(view, filtersOf(view, places, null)))
    renderFacets(null)
    for (const id of ['notes', 'cards']) byId(id).replaceChildren()
    byId('more').hidden = true
    byId('message').replaceChildren(failureMessage(error, retry))
  })
}

/** Says below the listings why the next ones did not come. The button for them stays. */
export function renderMoreFailure(error: unknown): void {
  byId('shown').textContent = failureLine(error)
}

function renderHead(view: View, title: string, total: string): void {
  byId('heading').textContent = title
  document.title = `${title} · Stallwright`
  byId('total').textContent = total
  byId<HTMLSelectElement>('sort').value = view.sort ?? ''
}

function renderFacets(facets: HTMLElement[] | null): void {
  byId('main').classList.toggle('without-facets', facets === null)
  byId('facets').replaceChildren(...(facets ?? []))
}

function renderCall(view: View, took: string): void {
  const call = byId<HTMLAnchorElement>('call')
  call.href = callOf(view)
  call.textContent = `GET ${callOf(view)}`
  byId('took').textContent = took
}

function renderMore({ items, next_cursor, total, total_is_lower_bound }: Found): void {
  byId('more').hidden = items.length === 0
  byId('show-more').hidden = next_cursor === null
  byId('shown').textContent = next_cursor
    ? `${count(items.length)} of ${listings(total, total_is_lower_bound)}`
    : `That is all: ${listings(items.length)}`
}

function titleOf({ q, category }: View, places: Places, showing_results_for: string | null): string {
  if (q) return `“${showing_results_for ?? q}”`
  return category ? nameOf(category, places) : 'Handmade and vintage'
}

/** What is made anew cannot keep the focus: it goes to what has the same key now, or else to the heading. */
function keepingFocus(rebuild: () => void): void {
  const key = (document.activeElement as HTMLElement | null)?.dataset.key
  rebuild()
  if (!key) return
  const same = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  const target = same ?? byId('heading')
  target.focus({ preventScroll: true })
}
