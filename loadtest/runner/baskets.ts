import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { projectRoot } from '../../src/platform/project.ts'

/** One purchase of one customer. Customer 0 is unknown. `ordered_at` has the form 2009-12-01 07:45:00. */
export type Basket = { number: string; customer: string; ordered_at: string; lines: BasketLine[] }
export type BasketLine = { sku: string; quantity: number }

const shippedBaskets = join(projectRoot, 'db', 'data', 'baskets.csv.gz')

/**
 * Returns the first `limit` shipped baskets with at most `max_lines` lines, in the order of purchase. Lines with a quantity
 * below 1, which are returned goods, do not count.
 */
export async function readBaskets(max_lines: number, limit: number): Promise<Basket[]> {
  const baskets = new Map<string, Basket>()
  const text = createInterface({
    input: createReadStream(shippedBaskets).pipe(createGunzip()),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of text) {
    // The shipped file has no quoted fields.
    const [number = '', customer = '', ordered_at = '', sku = '', quantity = ''] = line.split(',')
    if (!(Number(quantity) > 0)) continue
    const basket = baskets.get(number) ?? { number, customer, ordered_at, lines: [] }
    basket.lines.push({ sku, quantity: Number(quantity) })
    baskets.set(number, basket)
  }
  return [...baskets.values()].filter((basket) => basket.lines.length <= max_lines).slice(0, limit)
}
