/** Renders results and failures into the page. */
import { callOf, type Found, type Item, type Listing } from './api.ts'
import { byId, html } from './build.ts'
import { cardFor, keyOfCard } from './cards.ts'
import { nameOf, type Places } from './categories.ts'
import { chipsFor, filtersOf } from './filters.ts'
import { offerOf, partsOfListing, waitingParts } from './listing.ts'
import { emptyMessage, failureLine, failureMessage, notesFor, notesForListing, similarFailure } from './notes.ts'
import { facetsFor } from './panel.ts'
import { isOfBuyer, type View } from './view.ts'
import { count, listings } from './words.ts'

/** Renders what is known before the response, so that the layout shifts little. */
export function renderExpected(view: View, places: Places): void {
  const is_search = !view.listing && !isOfBuyer(view)
  renderHead(view, titleOf(view, places, null), is_search ? 'Searching…' : 'Looking it up…')
  byId('chips').replaceChildren(...chipsFor(view, filtersOf(view, places, null)))
  byId('listing').replaceChildren(...(view.listing ? waitingParts() : []))
  if (isOfBuyer(view)) clear('cards')
  byId('main').classList.toggle('without-facets', view.shop !== undefined || isOfBuyer(view))
}

/** Renders all loaded pages of a view. */
export function render(view: View, found: Found, places: Places): void {
  const { items, total, total_is_lower_bound, facets, shop } = found
  const filters = filtersOf(view, places, shop)
  // The list of a shop has no facets, and an empty result has none either.
  const shown_facets = items.length > 0 || filters.length > 0 ? facets : null
  const title = shop?.name ?? titleOf(view, places, found.showing_results_for)
  keepingFocus(() => {
    renderHead(view, title, items.length === 0 ? 'No listings' : listings(total, total_is_lower_bound))
    renderCall(view, ` · answered in ${found.took_ms} ms`)
    renderFacets(shown_facets && facetsFor(view, shown_facets, total_is_lower_bound, places))
    clear('listing', 'buyer')
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

/** Renders one listing and placeholders for the similar ones. */
export function renderListing(view: View, listing: Listing, places: Places): void {
  keepingFocus(() => {
    renderHead(view, listing.item.title, offerOf(listing.item))
    renderCall(view, '')
    renderFacets(null)
    byId('notes').replaceChildren(...notesForListing(listing))
    byId('listing').replaceChildren(...partsOfListing(listing, places))
    clear('chips', 'message', 'buyer')
    byId('similar').hidden = false
    byId('cards').replaceChildren(...Array.from({ length: 4 }, () => html('li', { class: 'waiting' })))
    byId('more').hidden = true
  })
}

/** Renders the similar listings. */
export function renderSimilar(items: Item[]): void {
  keepingFocus(() => {
    byId('similar').hidden = items.length === 0
    byId('message').replaceChildren()
    byId('cards').replaceChildren(...items.map(cardFor))
  }, byId('similar'))
}

/** Renders an error instead of the similar listings. */
export function renderSimilarFailure(error: unknown, retry: () => void): void {
  byId('similar').hidden = true
  byId('cards').replaceChildren()
  byId('message').replaceChildren(similarFailure(error, retry))
}

/** Renders a page of the buyer. */
export function renderBuyerPage(view: View, title: string, status: string, parts: HTMLElement[]): void {
  keepingFocus(() => {
    renderHead(view, title, status)
    renderCall(view, '')
    renderFacets(null)
    clear('notes', 'chips', 'listing', 'message', 'cards')
    byId('similar').hidden = true
    byId('more').hidden = true
    byId('buyer').replaceChildren(...parts)
  })
}

/** Returns the title of a page of the buyer before it is loaded. */
export function titleOfBuyerPage({ page, order, checkout }: View): string {
  if (order) return `Order ${order}`
  if (checkout) return 'Your payment'
  return page === 'orders' ? 'Your orders' : page === 'checkout' ? 'Check out' : 'Your cart'
}

/** Focuses the card from which the user opened the listing. */
export function focusCard(listing: string): void {
  document.querySelector<HTMLElement>(`[data-key="${CSS.escape(keyOfCard(listing))}"]`)?.focus({ preventScroll: true })
}

/** Appends the listings after the first `before` ones. On the last page, moves the focus from the hidden button to them. */
export function appendCards(found: Found, before: number): void {
  const cards = byId('cards')
  cards.append(...found.items.slice(before).map(cardFor))
  renderMore(found)
  if (!found.next_cursor) cards.children[before]?.querySelector<HTMLElement>('h2 a')?.focus({ preventScroll: true })
}

/** Renders an error instead of a view. */
export function renderFailure(view: View, places: Places, error: unknown, retry: () => void): void {
  keepingFocus(() => {
    renderHead(view, titleOf(view, places, null), '')
    renderCall(view, '')
    byId('chips').replaceChildren(...chipsFor(view, filtersOf(view, places, null)))
    renderFacets(null)
    clear('notes', 'listing', 'buyer', 'cards')
    byId('similar').hidden = true
    byId('more').hidden = true
    byId('message').replaceChildren(failureMessage(view, error, retry))
  })
}

/** Renders an error below the listings. The button for more stays. */
export function renderMoreFailure(error: unknown): void {
  byId('shown').textContent = failureLine(error)
}

function renderHead(view: View, title: string, total: string): void {
  byId('main').classList.toggle('of-shop', view.shop !== undefined)
  byId('main').classList.toggle('of-listing', view.listing !== undefined)
  byId('main').classList.toggle('of-buyer', isOfBuyer(view))
  const skip = byId<HTMLAnchorElement>('skip')
  const [hash, words] = view.listing ? ['#heading', 'listing'] : isOfBuyer(view) ? ['#heading', 'page'] : ['#results', 'results']
  skip.hash = hash
  skip.textContent = `Skip to the ${words}`
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
  // Without the token, the call of a buyer's page would show an error.
  call.href = isOfBuyer(view) ? '/docs' : callOf(view)
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

function titleOf(view: View, places: Places, showing_results_for: string | null): string {
  const { q, category, listing } = view
  if (isOfBuyer(view)) return titleOfBuyerPage(view)
  if (listing) return 'Listing'
  if (q) return `“${showing_results_for ?? q}”`
  return category ? nameOf(category, places) : 'Handmade and vintage'
}

function clear(...ids: string[]): void {
  for (const id of ids) byId(id).replaceChildren()
}

/** Runs `rebuild`, which loses the focus, then focuses the element with the same key, or `heading`. */
function keepingFocus(rebuild: () => void, heading = byId('heading')): void {
  const key = (document.activeElement as HTMLElement | null)?.dataset.key
  rebuild()
  if (!key) return
  const same = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  const target = same ?? heading
  target.focus({ preventScroll: true })
}
