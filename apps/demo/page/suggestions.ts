/** Suggestions while typing: the combobox with a list popup of the ARIA Authoring Practices. */
import { type Suggested, suggest } from './api.ts'
import { html } from './build.ts'
import type { Places } from './categories.ts'
import { openPopup } from './popup.ts'
import type { View } from './view.ts'

/** Longer than the pause between two keys of a quick typist, too short to notice. */
const PAUSE_MS = 120

type Option = { words: string; beside?: string | null | undefined; view: View }
type Offered = { element: HTMLElement; value: View }

/** Shows suggestions for `box` in `list`. Calls `go` with the chosen view. Returns a function that closes the popup. */
export function suggestWhileTyping(
  box: HTMLInputElement,
  list: HTMLElement,
  places: Promise<Places>,
  go: (view: View) => void,
): () => void {
  const popup = openPopup<View>(box, list)
  let pause: ReturnType<typeof setTimeout> | undefined
  let asking = new AbortController()

  /** Aborts the current request too, so a late response cannot open the popup. */
  const stop = () => {
    clearTimeout(pause)
    asking.abort()
    popup.close()
  }
  const ask = async () => {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    const q = box.value.trim()
    // Shows no suggestions on an error. The search itself reports it.
    const suggested = q === '' ? null : await suggest(q, signal).catch(() => null)
    const known = await places
    if (signal.aborted) return
    const offered: Offered[] = []
    popup.show(suggested ? groupsFor(suggested, q, known, offered) : [], offered)
  }

  box.addEventListener('input', () => {
    clearTimeout(pause)
    pause = setTimeout(() => void ask(), PAUSE_MS)
  })
  box.addEventListener('keydown', (event) => {
    const chosen = popup.active()
    if (event.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (popup.isOpen()) popup.step(event.key === 'ArrowDown' ? 1 : -1)
      else void ask()
    } else if (event.key === 'Enter' && chosen) go(chosen)
    else if (event.key === 'Escape' && popup.isOpen()) stop()
    else return
    event.preventDefault()
  })
  box.addEventListener('blur', stop)
  // Keeps the focus in the box during a click.
  list.addEventListener('mousedown', (event) => event.preventDefault())
  list.addEventListener('click', (event) => {
    const chosen = popup.at(event.target as Element)
    if (chosen) go(chosen)
  })
  return stop
}

/** Makes the elements of the groups. Appends their options to `offered`, in the order of the list. */
function groupsFor({ items, categories, shops }: Suggested, q: string, places: Places, offered: Offered[]): HTMLElement[] {
  const groupFor = (title: string, options: Option[]) => {
    if (options.length === 0) return []
    const elements = options.map((option) => {
      const element = optionFor(option, q, offered.length)
      offered.push({ element, value: option.view })
      return element
    })
    const heading = html('div', { class: 'title', 'aria-hidden': true }, title)
    return [html('div', { role: 'group', 'aria-label': title }, heading, ...elements)]
  }
  const within = (slug: string) => {
    const parent = places.get(slug)?.within
    return parent && `in ${parent}`
  }
  return [
    ...groupFor(
      'Searches',
      items.map((words) => ({ words, view: { q: words } })),
    ),
    ...groupFor(
      'Categories',
      categories.map(({ slug, name }) => ({ words: name, beside: within(slug), view: { category: slug } })),
    ),
    ...groupFor(
      'Shops',
      shops.map(({ id, name }) => ({ words: name, view: { shop: String(id) } })),
    ),
  ]
}

/** Makes an option. Its added text is bold, the typed text is not. */
function optionFor({ words, beside }: Option, q: string, number: number): HTMLElement {
  const typed = words.toLowerCase().startsWith(q.toLowerCase()) ? q.length : 0
  return html(
    'div',
    { role: 'option', id: `suggestion-${number}`, 'aria-selected': 'false' },
    html('span', {}, words.slice(0, typed), html('b', {}, words.slice(typed))),
    beside ? html('span', { class: 'beside' }, beside) : null,
  )
}
