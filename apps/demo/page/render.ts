/** Puts what was found, or why nothing was, onto the page. */
import { callOf, type Found, type Item, type Listing } from './api.ts'
import { byId, html } from './build.ts'
import { cardFor, keyOfCard } from './cards.ts'
import { nameOf, type Places } from './categories.ts'
import { chipsFor, filtersOf } from './filters.ts'
import { offerOf, partsOfListing, waitingParts } from './listing.ts'
import { emptyMessage, failureLine, failureMessage, notesFor, notesForListing, similarFailure } from './notes.ts'
import { facetsFor } from './panel.ts'
import type { View } from './view.ts'
import { count, listings } from './words.ts'

/** Shows what a view says by itself, so that little moves when its listings come. */
export function renderExpected(view: View, places: Places): void {
  renderHead(view, titleOf(view, places, null), view.listing ? 'Looking it up…' : 'Searching…')
  byId('chips').replaceChildren(...chipsFor(view, filtersOf(view, places, null)))
  byId('listing').replaceChildren(...(view.listing ? waitingParts() : []))
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
    byId('listing').replaceChildren()
    byId('similar').hidden = true
    byId('filter-count').textContent = filters.length > 0 ? String(filters.length) : ''
    byId('close-filters').textContent = `Show ${listings(total, total_is_lower_bound)}`
    byId('notes').replaceChildren(...notesFor(view, found))
    byId('chips').replaceChildren(...chipsFor(view, filters))
    byId('message').replaceChildren(...(items.length === 0 ? [emptyMessage(view, filters)] : []))
    byId('cards').replaceChildren(...items.map(cardFor))
    renderMore(found)
  })
}

/** Shows one listing, and keeps a place for the similar ones. */
export function renderListing(view: View, listing: Listing, places: Places): void {
  keepingFocus(() => {
    renderHead(view, listing.item.title, offerOf(listing.item))
    renderCall(view, '')
    renderFacets(null)
    byId('notes').replaceChildren(...notesForListing(listing))
    byId('listing').replaceChildren(...partsOfListing(listing, places))
    for (const id of ['chips', 'message']) byId(id).replaceChildren()
    byId('similar').hidden = false
    byId('cards').replaceChildren(...Array.from({ length: 4 }, () => html('li', { class: 'waiting' })))
    byId('more').hidden = true
  })
}

/** Shows the listings that are like the one above. */
export function renderSimilar(items: Item[]): void {
  keepingFocus(() => {
    byId('similar').hidden = items.length === 0
    byId('message').replaceChildren()
    byId('cards').replaceChildren(...items.map(cardFor))
  }, byId('similar'))
}

/** Says why there are none. What is told of the listing stays. */
export function renderSimilarFailure(error: unknown, retry: () => void): void {
  byId('similar').hidden = true
  byId('cards').replaceChildren()
  byId('message').replaceChildren(similarFailure(error, retry))
}

/** Puts the focus back where somebody left the list for a listing. */
export function focusCard(listing: string): void {
  document.querySelector<HTMLElement>(`[data-key="${CSS.escape(keyOfCard(listing))}"]`)?.focus({ preventScroll: true })
}

/** Adds the listings after the first `before` ones. When they are the last, the button goes and its focus moves on to them. */
export function appendCards(found: Found, before: number): void {
  const cards = byId('cards')
  cards.append(...found.items.slice(before).map(cardFor))
  renderMore(found)
  if (!found.next_cursor) cards.children[before]?.querySelector<HTMLElement>('h2 a')?.focus({ preventScroll: true })
}

/** Shows that there is nothing to show. */
export function renderFailure(view: View, places: Places, error: unknown, retry: () => void): void {
  keepingFocus(() => {
    renderHead(view, titleOf(view, places, null), '')
    renderCall(view, '')
    byId('chips').replaceChildren(...chipsFor(view, filtersOf(view, places, null)))
    renderFacets(null)
    for (const id of ['notes', 'listing', 'cards']) byId(id).replaceChildren()
    byId('similar').hidden = true
    byId('more').hidden = true
    byId('message').replaceChildren(failureMessage(view, error, retry))
  })
}

/** Says below the listings why the next ones did not come. The button for them stays. */
export function renderMoreFailure(error: unknown): void {
  byId('shown').textContent = failureLine(error)
}

function renderHead(view: View, title: string, total: string): void {
  byId('main').classList.toggle('of-shop', view.shop !== undefined)
  byId('main').classList.toggle('of-listing', view.listing !== undefined)
  const skip = byId<HTMLAnchorElement>('skip')
  skip.hash = view.listing ? '#heading' : '#results'
  skip.textContent = view.listing ? 'Skip to the listing' : 'Skip to the results'
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

function titleOf({ q, category, listing }: View, places: Places, showing_results_for: string | null): string {
  if (listing) return 'Listing'
  if (q) return `“${showing_results_for ?? q}”`
  return category ? nameOf(category, places) : 'Handmade and vintage'
}

/** What is made anew cannot keep the focus: it goes to what has the same key now, or else to `heading`. */
function keepingFocus(rebuild: () => void, heading = byId('heading')): void {
  const key = (document.activeElement as HTMLElement | null)?.dataset.key
  rebuild()
  if (!key) return
  const same = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  const target = same ?? heading
  target.focus({ preventScroll: true })
}
