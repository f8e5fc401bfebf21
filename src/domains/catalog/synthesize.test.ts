import { beforeAll, expect, test } from 'bun:test'
import type { CatalogRow } from './catalog_row.ts'
import { columns, readHeader, readRow } from './catalog_row.ts'
import { readCatalog } from './import_catalog.ts'
import { shippedCatalogPath } from './load_shipped.ts'
import { type Sample, sampleOf, synthesize } from './synthesize.ts'

let sample: Sample

beforeAll(async () => {
  const rows = await Array.fromAsync(readCatalog(shippedCatalogPath))
  sample = sampleOf(rows.map(({ row }) => row as CatalogRow))
})

const make = (count: number, seed = 1, variants = 0) =>
  [...synthesize(sample, count, seed, variants)].map(({ row }) => row as CatalogRow)

function wordsOf(rows: CatalogRow[]): number {
  return new Set(rows.flatMap(({ title }) => title.toLowerCase().split(/[^a-z0-9]+/))).size
}

test('the same count and seed give the same catalog, another seed gives another', () => {
  expect(make(2000, 7)).toEqual(make(2000, 7))
  expect(make(2000, 7)).not.toEqual(make(2000, 8))
})

test('at most one title in a hundred repeats, and the vocabulary grows with the count', () => {
  const small = make(5000)
  const large = make(50_000)
  for (const rows of [small, large])
    expect(new Set(rows.map(({ title }) => title)).size).toBeGreaterThanOrEqual(0.99 * rows.length)
  expect(wordsOf(large)).toBeGreaterThan(1.5 * wordsOf(small))
})

test('it resembles a market: about 27 items a shop, three in five one of a kind, unique skus, known categories', () => {
  const rows = make(20_000)
  expect(rows.length).toBe(20_000)
  const shops = new Set(rows.map(({ shop }) => shop))
  expect(shops.size).toBeWithin(600, 900)
  expect(rows.filter(({ quantity }) => quantity === 1).length).toBeWithin(11_500, 12_500)
  expect(new Set(rows.map(({ sku }) => sku)).size).toBe(rows.length)
  const real = new Set(sample.rows.map(({ category }) => category.join(' > ')))
  expect(rows.filter(({ category }) => !real.has(category.join(' > ')))).toEqual([])
  expect(sample.rows.filter(({ shop }) => shops.has(shop))).toEqual([])
})

test('a share of the listings has variants, and the listings are the same', () => {
  const rows = make(5000, 1, 0.2)
  const chosen = rows.filter(({ variants }) => variants.length > 0)
  expect(chosen.length).toBeWithin(900, 1100)
  expect(make(5000, 1, 0.2)).toEqual(rows)
  expect(rows.map((row): CatalogRow => ({ ...row, options: [], variants: [] }))).toEqual(make(5000))
  for (const { options, variants, sku } of chosen) {
    expect(variants.length).toBeGreaterThan(1)
    expect(new Set(variants.map(({ option_values }) => option_values.join('/'))).size).toBe(variants.length)
    expect(options.every(({ values }, i) => variants.every(({ option_values }) => values.includes(option_values[i] ?? '')))).toBe(
      true,
    )
    expect(new Set([sku, ...variants.map((variant) => variant.sku)]).size).toBe(1 + variants.length)
  }
  expect(chosen.some(({ variants }) => variants.every(({ quantity }) => quantity === null))).toBe(true)
})

test('an import accepts every row', () => {
  const header = readHeader([...columns])
  for (const row of make(5000)) {
    const text = {
      ...row,
      quantity: String(row.quantity),
      category: row.category.join(' > '),
      tags: row.tags.join('|'),
      images: '',
      is_vintage: String(row.is_vintage),
    }
    expect(
      readRow(
        columns.map((column) => text[column]),
        header,
      ),
    ).toEqual(row)
  }
})
