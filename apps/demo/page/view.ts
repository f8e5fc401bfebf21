/**
 * What the page shows is what its address says, so that it can be shared and gone back to. The names are those of
 * GET /v1/search; `shop` shows the listings of one shop instead, `listing` one listing alone. Values are as in the address: the API
 * judges them.
 */
const NAMES = ['q', 'category', 'price_min', 'price_max', 'is_vintage', 'sort', 'exact', 'shop', 'listing'] as const
type Name = (typeof NAMES)[number]

export type View = { readonly [N in Name]?: string }

/** The view in the query of an address; names that mean nothing here are left out. */
export function readView(query: string): View {
  const given = new URLSearchParams(query)
  const pairs = NAMES.map((name) => [name, given.get(name)?.trim()] as const)
  const view: View = Object.fromEntries(pairs.filter(([, value]) => value))
  return view.listing ? { listing: view.listing } : view
}

/** The same view with other values; null takes one away. */
export function change(view: View, changes: { [N in Name]?: string | null }): View {
  return Object.fromEntries(Object.entries({ ...view, ...changes }).filter(([, value]) => value))
}

/** The query of a view's address, the same for the same view: empty, or from its question mark on. */
export function queryOf(view: View): string {
  const pairs = NAMES.flatMap((name) => (view[name] ? [[name, view[name]]] : []))
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}

/** Where a view is seen. */
export function hrefOf(view: View): string {
  return `/demo${queryOf(view)}`
}
