import { expect, test } from 'bun:test'
import { type Column, columns, readHeader, readRow } from './catalog_row.ts'

const good: Record<Column, string> = {
  sku: 'a1',
  shop: 'Velvet Fox',
  title: 'Brass bell',
  description: 'It rings.',
  price: '24.5',
  quantity: '1',
  category: 'Home > Bells',
  tags: 'brass|bell',
  images: 'https://example.com/1.jpg',
  is_vintage: 'true',
  created_at: '2026-01-31',
}
const header = readHeader([...columns])

function read(changes: Partial<Record<Column, string>>) {
  return readRow(
    columns.map((column) => changes[column] ?? good[column]),
    header,
  )
}

test('parses a valid row', () => {
  expect(read({ title: '  Brass bell ', tags: ' brass || bell ' })).toEqual({
    sku: 'a1',
    shop: 'Velvet Fox',
    title: 'Brass bell',
    description: 'It rings.',
    price: '24.5',
    quantity: 1,
    category: ['Home', 'Bells'],
    tags: ['brass', 'bell'],
    images: ['https://example.com/1.jpg'],
    is_vintage: true,
    created_at: '2026-01-31',
    options: [],
    variants: [],
  })
})

const list = (length: number) => Array.from({ length }, (_, index) => `n${index}`).join('|')

test.each<[Column, string, string]>([
  ['sku', '', 'sku is empty'],
  ['sku', 'x'.repeat(101), 'sku has more than 100 characters'],
  ['shop', ' ', 'shop is empty'],
  ['title', '', 'title is empty'],
  ['title', '   ', 'title is empty'],
  ['title', 'x'.repeat(201), 'title has more than 200 characters'],
  ['title', 'a\0b', 'title holds NUL bytes or is not UTF-8'],
  ['description', 'caf\ufffd', 'description holds NUL bytes or is not UTF-8'],
  ['description', 'x'.repeat(20_001), 'description has more than 20000 characters'],
  ['price', '', 'price "" is not a decimal number like 24.50'],
  ['price', '$5', 'price "$5" is not a decimal number like 24.50'],
  ['price', '1e3', 'price "1e3" is not a decimal number like 24.50'],
  ['price', '1,50', 'price "1,50" is not a decimal number like 24.50'],
  ['price', '0.00', 'price "0.00" is not above 0'],
  ['price', '-3', 'price "-3" is not above 0'],
  ['price', '1.999', 'price "1.999" has more than 2 decimals'],
  ['price', '100000000', 'price "100000000" is above 99999999.99'],
  ['quantity', '', 'quantity "" is not a whole number'],
  ['quantity', '1.5', 'quantity "1.5" is not a whole number'],
  ['quantity', '-1', 'quantity "-1" is below 0'],
  ['quantity', '1000001', 'quantity "1000001" is above 1000000'],
  ['category', '', 'category is empty'],
  ['category', 'Home >  > Bells', 'category has an empty level'],
  ['category', 'Home > > Bells', 'category has an empty level'],
  ['category', 'Home >', 'category has an empty level'],
  ['category', '> Bells', 'category has an empty level'],
  ['category', list(11).replaceAll('|', ' > '), 'category has more than 10 levels'],
  ['tags', list(14), 'tags has 14 entries, 13 are allowed'],
  ['images', list(11), 'images has 11 entries, 10 are allowed'],
  ['is_vintage', 'yes', 'is_vintage "yes" is neither true nor false'],
  ['created_at', '', 'created_at "" is not a date like 2026-01-31 or 2026-01-31T08:30:00Z'],
  ['created_at', '2026-02-30', 'created_at "2026-02-30" is not a date like 2026-01-31 or 2026-01-31T08:30:00Z'],
  ['created_at', '31/01/2026', 'created_at "31/01/2026" is not a date like 2026-01-31 or 2026-01-31T08:30:00Z'],
])('%s %p is rejected with a reason', (column, value, reason) => {
  expect(read({ [column]: value })).toBe(reason)
})

test.each<[Column, string]>([
  ['title', '🧵'.repeat(200)],
  ['price', '99999999.99'],
  ['quantity', '0'],
  ['tags', list(13)],
  ['created_at', '2024-02-29T23:59:59.123456+02:00'],
  ['created_at', '2024-02-29 08:30'],
])('%s %p is accepted', (column, value) => {
  expect(read({ [column]: value })).toBeObject()
})

test('a row with too few or too many values is rejected', () => {
  expect(readRow(['a1', 'b'], header)).toBe('the row has 2 values, the header 11')
})

test('the header sets the order of columns and can have more', () => {
  const names = ['Colour', ...columns.toReversed()]
  const shuffled = readHeader(names)
  expect(shuffled.ignored).toEqual(['colour'])
  expect(readRow(['red', ...columns.map((column) => good[column]).toReversed()], shuffled)).toEqual(read({}))
})

test('the error of a header with missing or repeated columns is one line', () => {
  expect(() => readHeader(columns.filter((column) => column !== 'price' && column !== 'tags'))).toThrow(
    'the header lacks price, tags',
  )
  expect(() => readHeader([...columns, 'sku'])).toThrow('the header names sku twice')
})
