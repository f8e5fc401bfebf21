import { LISTING } from '../products/limits.ts'
import type { CatalogRow } from './catalog_row.ts'
import { chooseVariants } from './choose_variants.ts'
import type { Entry } from './import_rows.ts'
import { INVENTED_WORDS, inventWord } from './invent_words.ts'
import { createRandom } from './random.ts'

/** The real listings by category, the source of synthetic ones. */
export type Sample = { byCategory: CatalogRow[][]; rows: CatalogRow[]; shopStems: string[] }

const ITEMS_PER_SHOP = 27
const SHARE_OF_SINGLE_ITEMS = 0.6
const FIRST_DAY = Date.UTC(2022, 0, 1)
const DAYS = 1500
const DAY_MS = 86_400_000
const COLORS = `
  Amber Ash Blush Bronze Charcoal Cobalt Copper Coral Cream Crimson Emerald Ivory Jade Lavender Lilac Mint Moss Mustard
  Navy Ochre Olive Onyx Pearl Plum Rose Ruby Rust Sage Sand Scarlet Slate Teal Terracotta Umber Walnut Wine
`
  .trim()
  .split(/\s+/)

/** Groups the real rows in the order of the file, which decides the draws. */
export function sampleOf(rows: CatalogRow[]): Sample {
  const groups = Map.groupBy(rows, (row) => row.category.join(' > '))
  const stems = new Set(rows.map((row) => row.shop.replace(/ No\. \d+$/, '')))
  return { byCategory: [...groups.values()], rows, shopStems: [...stems] }
}

/**
 * Yields a catalog of `count` listings one at a time, deterministic by count and seed. Each shop has a few trades and a few
 * invented collections. A larger market has more collections. `variants` is the share of listings with variants; the listings are
 * the same for each share. `each` is their number of variants, otherwise it varies.
 */
export function* synthesize(sample: Sample, count: number, seed: number, variants = 0, each?: number): Generator<Entry> {
  const random = createRandom(seed)
  const choosing = createRandom(seed + 1)
  const collections = Math.min(INVENTED_WORDS, Math.ceil(40 * count ** 0.5))
  for (let listed = 0, shop = 0; listed < count; shop++) {
    const draw = openShop(sample, shop, collections, random)
    // 1 to about 100 items, 27 on average, because most shops are small.
    const items = Math.min(count - listed, 1 + Math.floor(-Math.log(1 - random()) * (ITEMS_PER_SHOP - 0.5)))
    for (let item = 0; item < items; item++) {
      listed++
      const row = { ...draw(), sku: `s${seed}-${listed}` }
      yield { line: listed, end: listed, row: choosing() < variants ? chooseVariants(row, COLORS, choosing, each) : row }
    }
  }
}

function openShop(sample: Sample, number: number, collections: number, random: () => number): () => Omit<CatalogRow, 'sku'> {
  const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)] as T
  const stem = sample.shopStems[number % sample.shopStems.length]
  // The shops of the shipped catalog have the numbers 1 to 10.
  const shop = `${stem} No. ${11 + Math.floor(number / sample.shopStems.length)}`
  const trades = [pick(sample.rows), pick(sample.rows)].map(
    (row) => sample.byCategory.find((group) => group.includes(row)) ?? [row],
  )
  const names = Array.from({ length: 4 }, () => inventWord(Math.floor(collections * random() ** 2)))
  return () => {
    const trade = pick(trades)
    const real = pick(trade)
    const name = pick(names)
    const title = composeTitle(real.title, pick(trade).title, name, pick(COLORS), random)
    return {
      shop,
      title,
      description: real.description,
      price: varyPrice(real.price, random),
      quantity: random() < SHARE_OF_SINGLE_ITEMS ? 1 : 2 + Math.floor(random() * 39),
      category: real.category,
      tags: tagsFor(real, title, name),
      images: [],
      is_vintage: real.is_vintage || random() < 0.03,
      created_at: new Date(FIRST_DAY + Math.floor(random() * DAYS) * DAY_MS).toISOString().slice(0, 10),
      options: [],
      variants: [],
    }
  }
}

/** Puts the attributes before the noun, which stays last as in English. */
function composeTitle(title: string, other: string, collection: string, colour: string, random: () => number): string {
  const words = title.split(' ')
  const borrowed = other.split(' ')
  const head = borrowed.slice(0, Math.ceil(borrowed.length / 2)).join(' ')
  const tail = words.slice(Math.floor(words.length / 2)).join(' ')
  const kind = random()
  if (kind < 0.3) return `${collection} ${title}`
  if (kind < 0.55) return `${head} ${tail} ${collection} ${colour}`
  if (kind < 0.8) return `${collection} ${head} ${tail}`
  return `${colour} ${title} by ${collection}`
}

function tagsFor(real: CatalogRow, title: string, collection: string): string[] {
  const own =
    real.tags.length > 0
      ? real.tags
      : title
          .toLowerCase()
          .split(/[^a-z0-9]+/)
          .filter((word) => word.length > 3)
  return [...new Set([collection.toLowerCase(), ...own])].slice(0, LISTING.tags)
}

/** Between 2/3 and 3/2 of the real price, in whole cents. */
function varyPrice(price: string, random: () => number): string {
  return Math.max(0.05, Number(price) * 1.5 ** (2 * random() - 1)).toFixed(2)
}
