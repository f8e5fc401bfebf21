import type { CatalogOption, CatalogRow } from './catalog_row.ts'

type Plain = Omit<CatalogRow, 'options' | 'variants'>

const SHARE_OF_PRINTS = 0.1
const MATERIALS = ['Unframed', 'Oak frame', 'Black frame']

/**
 * Adds options and variants to a synthetic listing: one piece that comes framed or unframed and has one stock for all, or some
 * sizes and colors with stocks and prices of their own. `each` is the number of colors.
 */
export function chooseVariants(row: Plain, colors: string[], random: () => number, each?: number): CatalogRow {
  if (each === undefined && random() < SHARE_OF_PRINTS) {
    const prices = MATERIALS.map((_, i) => (Number(row.price) * (1 + i / 2)).toFixed(2))
    return withVariants(row, [{ name: 'Frame', values: MATERIALS }], (i) => ({ price: prices[i] ?? null, quantity: null }))
  }
  const first = Math.floor(random() * colors.length)
  const shown = Array.from(
    { length: each ?? 2 + Math.floor(random() * 3) },
    (_, i) => colors[(first + i) % colors.length] as string,
  )
  const options = [{ name: 'Color', values: shown }]
  if (each === undefined && row.category.includes('Clothing')) options.unshift({ name: 'Size', values: ['S', 'M', 'L', 'XL'] })
  return withVariants(row, options, () => ({
    price: random() < 0.2 ? (Number(row.price) * 1.25).toFixed(2) : null,
    quantity: Math.floor(random() * 6),
  }))
}

/** Makes a variant of each combination of values. */
function withVariants(
  row: Plain,
  options: CatalogOption[],
  own: (i: number) => { price: string | null; quantity: number | null },
): CatalogRow {
  const [first, second] = options.map(({ values }) => values)
  const combinations = (first ?? []).flatMap((one) => (second ? second.map((other) => [one, other]) : [[one]]))
  const variants = combinations.map((option_values, i) => ({
    line: 0,
    sku: `${row.sku}-${i + 1}`,
    option_values,
    ...own(i),
    images: [],
  }))
  return { ...row, options, variants }
}
