import { LISTING } from '../products/limits.ts'
import { FileError } from './file_error.ts'

/** The columns of a catalog file, in any order. */
export const columns = [
  'sku',
  'shop',
  'title',
  'description',
  'price',
  'quantity',
  'category',
  'tags',
  'images',
  'is_vintage',
  'created_at',
] as const

/** The columns that a catalog with variants has, too. A row with a parent_sku is a variant of that listing. */
export const variantColumns = ['parent_sku', 'option1_name', 'option1_value', 'option2_name', 'option2_value'] as const

export type Column = (typeof columns)[number]
export type VariantColumn = (typeof variantColumns)[number]

/** A choice of a listing. `price` null is the price of the listing; `quantity` null is the stock of the listing. */
export type CatalogVariant = {
  line: number
  sku: string
  option_values: string[]
  price: string | null
  quantity: number | null
  images: string[]
}
export type CatalogOption = { name: string; values: string[] }

/** A row of a variant. `names` are the names of its options. */
export type VariantRow = Omit<CatalogVariant, 'line'> & { parent_sku: string; shop: string; names: string[] }

/** The input of `import_products`. `category` is a path of names, `price` a decimal string in US dollars. */
export type CatalogRow = {
  sku: string
  shop: string
  title: string
  description: string
  price: string
  quantity: number
  category: string[]
  tags: string[]
  images: string[]
  is_vintage: boolean
  created_at: string
  options: CatalogOption[]
  variants: CatalogVariant[]
}

/** The position of each column, and the unknown columns. */
export type Header = {
  at: Record<Column, number> & Partial<Record<VariantColumn, number>>
  width: number
  ignored: string[]
}

const allColumns: readonly (Column | VariantColumn)[] = [...columns, ...variantColumns]

const MAX_PRICE = 99_999_999.99
const MAX_CATEGORY_LEVELS = 10

/** Reads the header. Throws one line that names every missing or repeated column. */
export function readHeader(fields: string[]): Header {
  const names = fields.map((name) => name.trim().toLowerCase())
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0) throw new FileError(`the header lacks ${missing.join(', ')}; it has to name ${columns.join(', ')}`)
  const repeated = allColumns.filter((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (repeated.length > 0) throw new FileError(`the header names ${repeated.join(', ')} twice`)
  const present = allColumns.filter((column) => names.includes(column))
  const at = Object.fromEntries(present.map((column) => [column, names.indexOf(column)])) as Header['at']
  return { at, width: names.length, ignored: names.filter((name) => !allColumns.includes(name as Column)) }
}

type ReadText = (column: Column | VariantColumn) => string

/** Returns the listing or the variant of a record, or an error text that names the column. Trims values. */
export function readRow(fields: string[], header: Header): CatalogRow | VariantRow | string {
  if (fields.length !== header.width) return `the row has ${fields.length} values, the header ${header.width}`
  const unreadable = allColumns.find((column) => /[\0\ufffd]/.test(fields[header.at[column] ?? -1] ?? ''))
  if (unreadable) return `${unreadable} holds NUL bytes or is not UTF-8`
  const text: ReadText = (column) => fields[header.at[column] ?? -1]?.trim() ?? ''
  return isVariant(fields, header) ? readVariant(text) : readListing(text)
}

/** Whether a record is certainly a variant, good or bad. In a record with too few or too many values nothing is certain. */
export function isVariant(fields: string[], header: Header): boolean {
  return fields.length === header.width && (fields[header.at.parent_sku ?? -1]?.trim() ?? '') !== ''
}

function readListing(text: ReadText): CatalogRow | string {
  const row: CatalogRow = {
    sku: text('sku'),
    shop: text('shop'),
    title: text('title'),
    description: text('description'),
    price: text('price'),
    quantity: Number(text('quantity')),
    category: splitPath(text('category')),
    tags: splitList(text('tags')),
    images: splitList(text('images')),
    is_vintage: text('is_vintage') === 'true',
    created_at: text('created_at'),
    options: [],
    variants: [],
  }
  const reason =
    checkOptionless(text) ??
    checkTexts(row) ??
    checkPrice(row.price) ??
    checkQuantity(text('quantity')) ??
    checkCategory(row.category) ??
    checkLists(row) ??
    checkVintage(text('is_vintage')) ??
    checkDate(row.created_at)
  return reason ?? row
}

/** Reads what a variant has of its own. Its listing has the title and the other texts. */
function readVariant(text: ReadText): VariantRow | string {
  const pairs = [1, 2].map((place) => [
    text(`option${place}_name` as VariantColumn),
    text(`option${place}_value` as VariantColumn),
  ])
  const options = pairs[1]?.every((value) => value === '') ? pairs.slice(0, 1) : pairs
  const row = {
    sku: text('sku'),
    parent_sku: text('parent_sku'),
    shop: text('shop'),
    names: options.map(([name = '']) => name),
    option_values: options.map(([, value = '']) => value),
    price: text('price') || null,
    quantity: text('quantity') === '' ? null : Number(text('quantity')),
    images: splitList(text('images')),
  }
  const reason =
    checkLength('sku', row.sku, 1, LISTING.sku) ??
    firstReason(row.names, (name, place) => checkOptionName(`option${place + 1}_name`, name)) ??
    firstReason(row.option_values, (value, place) => checkLength(`option${place + 1}_value`, value, 1, LISTING.option_value)) ??
    (new Set(row.names).size < row.names.length ? 'option1_name and option2_name are the same' : null) ??
    (row.price === null ? null : checkPrice(row.price)) ??
    (row.quantity === null ? null : checkQuantity(text('quantity'))) ??
    checkImages(row.images)
  return reason ?? row
}

/** The filter of a search ends the name of an option at its colon. */
function checkOptionName(column: string, name: string): string | null {
  return checkLength(column, name, 1, LISTING.option_name) ?? (name.includes(':') ? `${column} has a colon` : null)
}

/** Rejects options of a listing, because each variant states its own. */
function checkOptionless(text: ReadText): string | null {
  const filled = variantColumns.find((column) => text(column) !== '')
  return filled ? `${filled} has a value, but parent_sku is empty` : null
}

function firstReason<T>(values: T[], check: (value: T, place: number) => string | null): string | null {
  return values.map(check).find((reason) => reason !== null) ?? null
}

/** Rejects an empty level: a separator at the start, at the end, or after another separator. */
function splitPath(text: string): string[] {
  return ` ${text}`.split(/ >(?= |$)/).map((name) => name.trim())
}

function splitList(text: string): string[] {
  return text === ''
    ? []
    : text
        .split('|')
        .map((part) => part.trim())
        .filter((part) => part !== '')
}

function checkTexts({ sku, shop, title, description }: CatalogRow): string | null {
  return (
    checkLength('sku', sku, 1, LISTING.sku) ??
    checkLength('shop', shop, 1, 100) ??
    checkLength('title', title, 1, LISTING.title) ??
    checkLength('description', description, 0, LISTING.description)
  )
}

function checkLength(column: string, text: string, min: number, max: number): string | null {
  if (text.length < min) return `${column} is empty`
  // The database counts code points. A string's length counts UTF-16 code units.
  if (text.length > max && [...text].length > max) return `${column} has more than ${max} characters`
  return null
}

function checkPrice(price: string): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(price)) return `price ${quote(price)} is not a decimal number like 24.50`
  if (!(Number(price) > 0)) return `price ${quote(price)} is not above 0`
  if (!/^\d+(\.\d{1,2})?$/.test(price)) return `price ${quote(price)} has more than 2 decimals`
  return Number(price) > MAX_PRICE ? `price ${quote(price)} is above ${MAX_PRICE}` : null
}

function checkQuantity(quantity: string): string | null {
  if (!/^-?\d+$/.test(quantity)) return `quantity ${quote(quantity)} is not a whole number`
  if (quantity.startsWith('-')) return `quantity ${quote(quantity)} is below 0`
  return Number(quantity) > LISTING.quantity ? `quantity ${quote(quantity)} is above ${LISTING.quantity}` : null
}

function checkCategory(path: string[]): string | null {
  if (path.length > MAX_CATEGORY_LEVELS) return `category has more than ${MAX_CATEGORY_LEVELS} levels`
  if (path.includes('')) return path.length === 1 ? 'category is empty' : 'category has an empty level'
  return firstReason(path, (name) => checkLength('a level of category', name, 1, 100))
}

function checkLists({ tags, images }: CatalogRow): string | null {
  if (tags.length > LISTING.tags) return `tags has ${tags.length} entries, ${LISTING.tags} are allowed`
  return firstReason(tags, (tag) => checkLength('an entry of tags', tag, 1, LISTING.tag)) ?? checkImages(images)
}

function checkImages(images: string[]): string | null {
  if (images.length > LISTING.images) return `images has ${images.length} entries, ${LISTING.images} are allowed`
  return firstReason(images, (image) => checkLength('an entry of images', image, 1, LISTING.image))
}

function checkVintage(text: string): string | null {
  return text === 'true' || text === 'false' ? null : `is_vintage ${quote(text)} is neither true nor false`
}

function checkDate(text: string): string | null {
  const parts =
    /^(\d{4}-\d{2}-\d{2})([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?( ?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?))?)?$/.exec(text)
  const day = parts?.[1] ?? ''
  const date = new Date(`${day}T00:00:00Z`)
  // `Date` reads 30 February as 2 March, and then returns another day.
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) && !day.startsWith('0000')
  return parts && isDay ? null : `created_at ${quote(text)} is not a date like 2026-01-31 or 2026-01-31T08:30:00Z`
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
