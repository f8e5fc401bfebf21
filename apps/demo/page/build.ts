/** Makes elements. Strings become text and never markup, so nothing that a seller or a searcher wrote can act. */

type Attributes = Record<string, string | number | boolean | null>
type Child = Node | string | null

const SVG = 'http://www.w3.org/2000/svg'

/** An element of HTML. An attribute that is null or false is left out. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children)
}

/** An element of SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children)
}

/** The element of the page with this id; its kind is the caller's word. */
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
