/** The amounts of a cart, a checkout or an order. */
import { html } from './build.ts'
import { dollars } from './words.ts'

type Amounts = Record<'subtotal' | 'discount' | 'shipping' | 'tax' | 'total', string> & { refunded?: string }

/** Makes the list of the amounts that are not zero. Items, postage and total are always there. */
export function totalsOf({ subtotal, discount, shipping, tax, total, refunded }: Amounts): HTMLElement {
  const rows = [
    ['Items', subtotal],
    ...rowOf('Discount', discount),
    ['Postage', shipping],
    ...rowOf('Tax', tax),
    ['Total', total],
    ...rowOf('Refunded', refunded),
  ] as const
  return html(
    'dl',
    { class: 'totals' },
    ...rows.flatMap(([name, amount]) => {
      const row = { class: name === 'Total' ? 'sum' : null }
      return [html('dt', row, name), html('dd', row, dollars(amount))]
    }),
  )
}

function rowOf(name: string, amount = '0'): [string, string][] {
  return Number(amount) === 0 ? [] : [[name, amount]]
}
