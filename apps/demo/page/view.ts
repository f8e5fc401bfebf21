/**
 * The address determines the view, so that users can share it and go back to it. The names are those of GET /v1/search, plus
 * `shop` (the listings of one shop), and those of ALONE. Values stay as they are in the address; the API validates them.
 */
const SEARCH = ['q', 'category', 'price_min', 'price_max', 'is_vintage', 'option', 'sort', 'exact', 'shop'] as const
/** One listing, a page of the buyer (`cart`, `checkout` or `orders`), one order, one checkout: nothing else belongs to such a view. */
const ALONE = ['listing', 'page', 'order', 'checkout'] as const
const NAMES = [...SEARCH, ...ALONE] as const
type Name = (typeof NAMES)[number]
/** An address can have several of these. A view has them in one value, each on a line. */
const REPEATED = new Set<Name>(['option'])

export type View = { readonly [N in Name]?: string }

/** Reads the view from the query of an address. Ignores unknown names. */
export function readView(query: string): View {
  const given = new URLSearchParams(query)
  const pairs = NAMES.map(
    (name) =>
      [
        name,
        given
          .getAll(name)
          .slice(0, REPEATED.has(name) ? undefined : 1)
          .join('\n')
          .trim(),
      ] as const,
  )
  const view: View = Object.fromEntries(pairs.filter(([, value]) => value))
  const alone = ALONE.find((name) => view[name])
  return alone ? { [alone]: view[alone] } : view
}

/** Returns the view with other values; null removes one. */
export function change(view: View, changes: { [N in Name]?: string | null }): View {
  return Object.fromEntries(Object.entries({ ...view, ...changes }).filter(([, value]) => value))
}

/** Returns the chosen values of options, such as `Size:S`. */
export function optionsIn({ option }: View): string[] {
  return option ? option.split('\n') : []
}

/** Returns the query of a view's address, empty or with its question mark. Equal views have equal queries. */
export function queryOf(view: View): string {
  const pairs = NAMES.flatMap((name) =>
    (REPEATED.has(name) ? optionsIn(view) : [view[name]]).flatMap((value) => (value ? [[name, value]] : [])),
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}

/** Returns the address of a view. */
export function hrefOf(view: View): string {
  return `/demo${queryOf(view)}`
}

/** Returns whether a view belongs to the buyer: cart, checkout or orders. */
export function isOfBuyer({ page, order, checkout }: View): boolean {
  return Boolean(page ?? order ?? checkout)
}
