/** Makes elements. Strings become text and never markup, so text of users cannot inject code. */

type Attributes = Record<string, string | number | boolean | null>
type Child = Node | string | null

const SVG = 'http://www.w3.org/2000/svg'

/** Makes an HTML element. Omits attributes that are null or false. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children)
}

/** Makes an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children)
}

/** Calls `act` at each click of a button, except while an earlier call runs: a double click acts once. */
export function whenClicked(button: HTMLButtonElement, act: () => Promise<unknown>): void {
  button.addEventListener('click', async () => {
    if (button.ariaBusy === 'true') return
    button.ariaBusy = 'true'
    await act().finally(() => {
      button.ariaBusy = 'false'
    })
  })
}

/** Returns the element of the page with this id. The caller states its type. Throws if it is missing. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id)
  if (!element) throw new Error(`The page has no #${id}.`)
  return element as E
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== false) element.setAttribute(name, String(value))
  element.append(...children.filter((child) => child !== null))
  return element
}
