import { afterAll, beforeAll, expect, test } from 'bun:test'
import { loadShippedCatalog } from '../../src/domains/catalog/load_shipped.ts'
import { runDocumented } from '../../test/support/commands.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { readStock } from '../../test/support/stock.ts'
import { readBaskets } from './baskets.ts'
import { prepareReplay, readOutcome } from './replay.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await loadShippedCatalog(database.url, database.sql)
})
afterAll(() => database.close())

test('baskets come in order, and no basket is longer than the limit', async () => {
  const baskets = await readBaskets(12, 100)
  expect(baskets.length).toBe(100)
  expect(Math.max(...baskets.map(({ lines }) => lines.length))).toBe(12)
  expect((await readBaskets(1, 5)).map(({ lines }) => lines.length)).toEqual([1, 1, 1, 1, 1])
})

test('each product has nine tenths of the quantity in the baskets, and each basket a signed-in buyer', async () => {
  const line = (sku: string, quantity: number) => ({ sku, quantity })
  const baskets = [
    { number: '1', customer: '77', ordered_at: '2009-12-01 07:45:00', lines: [line('u85123A', 6), line('u22423', 1)] },
    { number: '2', customer: '0', ordered_at: '2009-12-01 07:45:00', lines: [line('u85123A', 5), line('no such sku', 3)] },
    { number: '3', customer: '77', ordered_at: '2009-12-01 07:45:00', lines: [line('no such sku', 3)] },
  ]
  const { purchases, unknown_lines } = await prepareReplay(database.sql, baskets)
  expect(unknown_lines).toBe(2)
  expect(purchases.map(({ number, lines }) => [number, lines.length])).toEqual([
    ['1', 2],
    ['2', 1],
  ])
  const people = await database.sql`select from sessions`
  expect(people.count).toBe(2)
  const stock = await database.sql<{ sku: string; quantity: number }[]>`
    select sku, quantity from products where sku = 'u22423' or quantity > 0
    union all
    select sku, quantity from variants where quantity > 0 order by sku`
  expect([...stock]).toEqual([
    { sku: 'pu85123A', quantity: 9 },
    { sku: 'u22423', quantity: 0 },
    { sku: 'u85123A', quantity: 9 },
  ])
})

test('a product that does not add up is found', async () => {
  const before = await readStock(database.sql)
  expect(await readOutcome(database.sql, before)).toMatchObject({
    revenue: '0.00',
    owed: '0.00',
    initial: 9,
    left: 9,
    sold: 0,
    wrong: [],
  })
  await database.sql`update variants set quantity = 8 where sku = 'u85123A'`
  const wrong = [expect.stringContaining('had 9: 8 left, 0 sold')]
  expect(await readOutcome(database.sql, before)).toMatchObject({ initial: 9, left: 8, wrong })
})

test('the first baskets are replayed through a server, and every product adds up', async () => {
  const { code, output, errors } = await runDocumented('bun run loadtest replay --limit 200')
  const figures = Object.fromEntries(output.split('\n').map((line) => line.split(/ {2,}/)))
  expect({ code, errors: code === 0 ? '' : errors }).toEqual({ code: 0, errors: '' })
  expect(figures).toMatchObject({ baskets: '200', '5xx responses': '0', 'products or shops that do not add up': '0' })
  expect(Number(figures.checkouts)).toBeGreaterThan(0)
  const [revenue, commission, owed] = ['revenue', 'commission, 6.5 % and $0.30 a unit', 'owed to the shops'].map((name) =>
    Math.round(Number.parseFloat(figures[name].slice(1)) * 100),
  ) as [number, number, number]
  expect(commission).toBeGreaterThan(0)
  expect(owed).toBe(revenue - commission)
  expect(Number(figures.orders)).toBeGreaterThanOrEqual(Number(figures.checkouts))
  expect(Number.parseInt(figures['refused for lack of stock'], 10)).toBeGreaterThan(0)
  const [initial, left, sold] = figures['stock: initial = left + sold'].split(/ [=+] /).map(Number)
  expect(initial).toBe(left + sold)
  expect(sold).toBeGreaterThan(0)
})
