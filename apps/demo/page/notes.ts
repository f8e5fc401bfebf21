/** Messages beside the listings or instead of them. */
import type { Found, Listing } from './api.ts'
import { html } from './build.ts'
import { type Filter, unfiltered } from './filters.ts'
import { Refusal } from './request.ts'
import { change, hrefOf, type View } from './view.ts'

/** Makes the notes about a corrected query and about a fallback search. */
export function notesFor(view: View, found: Found): HTMLElement[] {
  const { showing_results_for, did_you_mean, degraded } = found
  const notes: HTMLElement[] = []
  if (showing_results_for !== null) {
    const corrected = link(change(view, { q: showing_results_for }), showing_results_for, 'corrected')
    const as_typed = link(change(view, { exact: 'true' }), view.q ?? '', 'as-typed')
    notes.push(note('Showing results for ', html('strong', {}, corrected), '. Search instead for ', as_typed, '.'))
  } else if (did_you_mean !== null) {
    const meant = link(change(view, { q: did_you_mean, exact: null }), did_you_mean, 'did-you-mean')
    notes.push(note('Did you mean ', html('strong', {}, meant), '?'))
  }
  if (degraded) notes.push(note('Search runs in a reduced mode right now. The order may be less good than usual.'))
  return notes
}

/** Makes the note that the shop of a listing is on vacation. */
export function notesForListing({ shop }: Listing): HTMLElement[] {
  if (!shop.is_on_vacation) return []
  const says = shop.vacation_message ? ` It says: “${shop.vacation_message}”` : ''
  return [note(`${shop.name} is on vacation and sells nothing for now.${says}`)]
}

/** Makes the message for an empty result: try without a filter, with other words, or browse. */
export function emptyMessage(view: View, filters: Filter[]): HTMLElement {
  if (filters.length > 0) {
    const ways = filters.map(({ name, label, without }) => link(without, `Without “${label}”`, `without-${name}`))
    if (filters.length > 1) ways.push(link(unfiltered(view), 'Without any filter', 'without-all'))
    return message('Nothing matches all of this', 'It may without one of the filters:', ways)
  }
  if (!view.q) return message('There is nothing here yet', 'As soon as a shop lists something, you find it here.', [])
  const words = 'Try fewer or more general words, or another way to write them.'
  return message(`Nothing found for “${view.q}”`, words, [link({}, 'Browse everything', 'everything')])
}

type Failure = { title: string; text: string; can_retry: boolean }

/** Makes the message for a failed view, with the next step. */
export function failureMessage(view: View, error: unknown, retry: () => void): HTMLElement {
  const { title, text, can_retry } = view.listing && isAboutAddress(error) ? LISTING_IS_GONE : explain(error)
  const told = message(title, text, [can_retry ? again(retry) : link({}, 'Start over', 'start-over')])
  if (error instanceof Refusal && error.status >= 500)
    told.append(html('p', { class: 'small' }, `For support: ${error.request_id}`))
  return told
}

/** Makes the message for similar listings that failed to load. */
export function similarFailure(error: unknown, retry: () => void): HTMLElement {
  return message('The similar listings could not be loaded', failureLine(error), [again(retry)])
}

/** Returns an error as one line. */
export function failureLine(error: unknown): string {
  const { title, text } = explain(error)
  return `${title}. ${text}`
}

const LISTING_IS_GONE = {
  title: 'This listing is not available',
  text: 'Its seller may have taken it down, or the address is not right.',
  can_retry: false,
}

/** Returns whether a retry would get the same error. */
function isAboutAddress(error: unknown): boolean {
  return error instanceof Refusal && error.status < 500 && error.status !== 429
}

function explain(error: unknown): Failure {
  if (!(error instanceof Refusal)) {
    const text = 'Your network may be down. The address of this page keeps your search.'
    return { title: 'The market does not respond', text, can_retry: true }
  }
  if (error.status === 429) {
    const wait = error.retry_after_s ? `${error.retry_after_s} seconds` : 'a moment'
    return { title: 'Too many requests', text: `Please wait ${wait} before the next one.`, can_retry: true }
  }
  if (isAboutAddress(error)) return { title: 'This search is not possible', text: wordsOf(error), can_retry: false }
  return { title: 'Something went wrong here', text: 'It is not your fault. Please try again in a moment.', can_retry: true }
}

/** The parameters of the API in words of the page. */
const PARAMETERS: Record<string, string> = {
  '#/q': 'What is searched',
  '#/price_min': 'The lowest price',
  '#/price_max': 'The highest price',
  '#/is_vintage': 'Vintage or not',
  '#/exact': 'Exactly as typed or not',
  '#/sort': 'The order',
  '#/id': 'The shop',
}

/** Returns the API's message about an invalid address: its sentence, or the rule of the first wrong parameter. */
function wordsOf({ message, errors }: Refusal): string {
  const [first] = errors
  const subject = PARAMETERS[first?.pointer ?? '']
  return first && subject ? `${subject} ${first.detail}.` : message
}

/** Makes a message with ways on: links and buttons. */
export function message(title: string, text: string, ways: HTMLElement[]): HTMLElement {
  for (const way of ways) way.classList.add('quiet')
  const list = html('ul', { class: 'ways' }, ...ways.map((way) => html('li', {}, way)))
  return html('div', { class: 'message' }, html('h2', {}, title), html('p', {}, text), ways.length > 0 ? list : null)
}

function again(retry: () => void): HTMLElement {
  const button = html('button', { type: 'button', class: 'quiet', 'data-key': 'again' }, 'Try again')
  button.addEventListener('click', retry)
  return button
}

/** Makes a note. */
export function note(...parts: (string | Node)[]): HTMLElement {
  return html('p', { class: 'note' }, ...parts)
}

function link(view: View, words: string, key: string): HTMLElement {
  return html('a', { href: hrefOf(view), 'data-key': key }, words)
}
