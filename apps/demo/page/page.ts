/** The page: shows the view of its address, and another view when the user chooses one. */
import { type Found, find, findSimilar, type Item, readCategories, readListing } from './api.ts'
import { byId } from './build.ts'
import { type Places, placesOf } from './categories.ts'
import { watchSession } from './header.ts'
import {
  appendCards,
  focusCard,
  render,
  renderExpected,
  renderFailure,
  renderListing,
  renderMoreFailure,
  renderSimilar,
  renderSimilarFailure,
} from './render.ts'
import { SESSION_CHANGED } from './session.ts'
import { suggestWhileTyping } from './suggestions.ts'
import { change, hrefOf, isOfBuyer, readView, type View } from './view.ts'

const main = byId('main')
const box = byId<HTMLInputElement>('query')
const sort = byId<HTMLSelectElement>('sort')
const panel = byId('panel')
const openFilters = byId('open-filters')
const showMore = byId('show-more')

/** The number of views whose loaded pages stay in memory, so that Back restores the list. */
const KEPT_VIEWS = 20
const kept = new Map<string, Found>()

let view: View = {}
/** The result of the view; null while it loads and after a failure. */
let found: Found | null = null
/** Aborts the current request. */
let running = new AbortController()

let places: Places = new Map()
/** Resolves even if the tree fails to load; the page then makes names from slugs. */
const placesKnown: Promise<Places> = readCategories()
  .then((tree) => {
    places = placesOf(tree)
  })
  .catch(() => undefined)
  .then(() => places)

/** Makes `next` the current view. Later typing stays in the box while the view loads. */
function enter(next: View): void {
  view = next
  box.value = view.q ?? ''
  stopSuggesting()
}

/** Shows another view and pushes its address to the history. */
function go(next: View): void {
  if (hrefOf(next) !== hrefOf(view)) history.pushState(null, '', hrefOf(next))
  enter(next)
  // The user of an open panel goes on choosing filters; otherwise a new result starts at its top.
  if (!panel.classList.contains('open')) scrollTo({ top: 0, behavior: 'instant' })
  if (matchMedia('(pointer: coarse)').matches) box.blur()
  void show()
}

/** Loads the view and shows it, unless a later request has replaced this one. */
async function show(): Promise<void> {
  const signal = begin()
  found = null
  main.ariaBusy = 'true'
  try {
    await (isOfBuyer(view) ? showBuyer(signal) : view.listing ? showListing(signal) : showFound(signal))
    if (signal.aborted) return
  } catch (error) {
    await placesKnown
    if (signal.aborted) return
    renderFailure(view, places, error, () => void show())
  }
  main.ariaBusy = 'false'
}

async function showFound(signal: AbortSignal): Promise<void> {
  const [page] = await Promise.all([find(view, null, signal), placesKnown])
  if (signal.aborted) return
  keep(page)
  render(view, page, places)
}

async function showListing(signal: AbortSignal): Promise<void> {
  const [listing] = await Promise.all([readListing(view, signal), placesKnown])
  if (signal.aborted) return
  renderListing(view, listing, places)
  void showSimilar(listing.item, signal)
}

/** Loads the modules of buying at the first use, so that search stays small. */
async function showBuyer(signal: AbortSignal): Promise<void> {
  const { showBuyerPage } = await import('./buyer_pages.ts')
  await showBuyerPage({ view, signal, go })
}

async function showSimilar(item: Item, signal: AbortSignal): Promise<void> {
  try {
    const items = await findSimilar(item, signal)
    if (!signal.aborted) renderSimilar(items)
  } catch (error) {
    if (!signal.aborted) renderSimilarFailure(error, () => void showSimilar(item, signal))
  }
}

/** Appends the next page. On a failure the list stays. A second call aborts the first. */
async function showNextPage(): Promise<void> {
  if (!found) return
  const signal = begin()
  showMore.ariaBusy = 'true'
  try {
    const longer = await find(view, found, signal)
    if (signal.aborted) return
    const before = found.items.length
    keep(longer)
    appendCards(longer, before)
  } catch (error) {
    if (signal.aborted) return
    renderMoreFailure(error)
  } finally {
    showMore.ariaBusy = 'false'
  }
}

/** Aborts the current request and returns the signal of a new one. */
function begin(): AbortSignal {
  running.abort()
  running = new AbortController()
  return running.signal
}

function keep(page: Found): void {
  found = page
  const key = hrefOf(view)
  kept.delete(key)
  kept.set(key, page)
  for (const oldest of kept.keys()) if (kept.size > KEPT_VIEWS) kept.delete(oldest)
}

function toggleFilters(is_open: boolean): void {
  panel.classList.toggle('open', is_open)
  openFilters.ariaExpanded = String(is_open)
}

const stopSuggesting = suggestWhileTyping(box, byId('suggestions'), placesKnown, go)

byId('search').addEventListener('submit', (event) => {
  event.preventDefault()
  go(change({}, { q: box.value.trim() }))
})

/** Shows links to this page without a reload, unless the user opens them in another tab. */
document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest('a')
  const is_plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  if (!link || !is_plain || link.origin !== location.origin || link.pathname !== '/demo' || link.hash) return
  event.preventDefault()
  go(readView(link.search))
})

window.addEventListener('popstate', () => {
  const next = readView(location.search)
  // A link within the page changes only the fragment.
  if (hrefOf(next) === hrefOf(view)) return
  const { listing } = view
  enter(next)
  const page = kept.get(hrefOf(view))
  if (!page) return void show()
  begin()
  keep(page)
  render(view, page, places)
  if (listing) focusCard(listing)
  main.ariaBusy = 'false'
})

window.addEventListener(SESSION_CHANGED, () => isOfBuyer(view) && void show())
sort.addEventListener('change', () => go(change(view, { sort: sort.value })))
showMore.addEventListener('click', () => void showNextPage())
openFilters.addEventListener('click', () => toggleFilters(!panel.classList.contains('open')))
byId('close-filters').addEventListener('click', () => {
  toggleFilters(false)
  scrollTo({ top: 0, behavior: 'instant' })
  openFilters.focus({ preventScroll: true })
})

watchSession()
enter(readView(location.search))
renderExpected(view, places)
void show()
