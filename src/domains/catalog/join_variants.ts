import { LISTING } from '../products/limits.ts'
import type { CatalogRow, VariantRow } from './catalog_row.ts'
import type { Entry } from './import_rows.ts'

/** A row of a file as it was read. `is_variant` is true of a bad row, too, if it is certainly that of a variant. */
export type ReadEntry = { line: number; end: number; row: CatalogRow | VariantRow | string; is_variant: boolean }

/**
 * Joins each listing with the variants in the rows below it, so that a batch never parts them. A variant without its listing
 * above is a bad row, and so is one that contradicts the variants before it. A bad row of a listing ends the listing above it, so
 * that its variants cannot come to another shop's listing with the same sku.
 */
export async function* joinVariants(entries: AsyncIterable<ReadEntry>): AsyncGenerator<Entry> {
  let listing: (Entry & { row: CatalogRow }) | undefined
  for await (const { line, end, row, is_variant } of entries) {
    if (typeof row === 'string') {
      if (listing && !is_variant) {
        yield listing
        listing = undefined
      }
      yield { line, end, row }
    } else if ('parent_sku' in row) {
      const reason = addVariant(listing?.row, row, line)
      if (reason !== null) yield { line, end, row: reason }
      else if (listing) listing.end = end
    } else {
      if (listing) yield listing
      listing = { line, end, row }
    }
  }
  if (listing) yield listing
}

/** Adds a variant to its listing, or returns the reason to skip it. */
function addVariant(listing: CatalogRow | undefined, row: VariantRow, line: number): string | null {
  const { parent_sku, shop, names, ...variant } = row
  if (listing?.sku !== parent_sku || (shop !== '' && shop !== listing.shop))
    return `parent_sku ${JSON.stringify(parent_sku)} is not the listing above; the rows of its variants must follow it`
  const { options, variants } = listing
  const reason = variants.length > 0 ? findContradiction(listing, row) : null
  if (reason !== null) return reason
  if (variants.length === 0) options.push(...names.map((name) => ({ name, values: [] })))
  for (const [place, { values }] of options.entries()) {
    const value = variant.option_values[place] ?? ''
    if (!values.includes(value)) values.push(value)
  }
  variants.push({ line, ...variant })
  return null
}

function findContradiction({ options, variants }: CatalogRow, row: VariantRow): string | null {
  if (variants.length >= LISTING.variants) return `the listing has ${LISTING.variants} variants, more are not allowed`
  const names = options.map(({ name }) => name)
  if (!areSame(names, row.names)) return `its options are not those of the variants above: ${names.join(', ')}`
  if ((variants[0]?.quantity === null) !== (row.quantity === null))
    return 'quantity must be empty in all variants of a listing, or in none'
  if (variants.some(({ sku }) => sku === row.sku)) return `sku ${JSON.stringify(row.sku)} is that of a variant above`
  if (variants.some(({ option_values }) => areSame(option_values, row.option_values)))
    return `a variant above is ${row.option_values.join(', ')}, too`
  return options.some(
    ({ values }, place) => values.length >= LISTING.option_values && !values.includes(row.option_values[place] ?? ''),
  )
    ? `an option has more than ${LISTING.option_values} values`
    : null
}

function areSame(some: string[], others: string[]): boolean {
  return some.length === others.length && some.every((text, place) => text === others[place])
}
