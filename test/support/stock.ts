/** The stock equation of db/ops/stock_equation.sql, by stock. Only a seller who changes a stock or `stock_by` changes `ever`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'

/**
 * The stock of a product, or of a variant with a stock of its own. `ever` is the sum of `on_hand` and of `in_orders`, the quantity
 * in orders that are neither cancelled nor refunded. `is_sum` is false if a product has not the sum of its variants.
 */
export type Stock = {
  product_id: number
  variant_id: number | null
  on_hand: number
  in_orders: number
  ever: number
  is_sum: boolean
}
type Recorded = Pick<Stock, 'product_id' | 'variant_id' | 'ever'>

const EQUATION = readFileSync(join(projectRoot, 'db', 'ops', 'stock_equation.sql'), 'utf8')
  .trimEnd()
  .replace(/;$/, '')

/** Reads the stock of all products, or of these, in one snapshot. */
export async function readStock(sql: Sql, product_ids: number[] | null = null): Promise<Stock[]> {
  return [
    ...(await sql<Stock[]>`
      select e.product_id, e.variant_id, e.on_hand, e.in_orders, e.ever, e.is_sum from (${sql.unsafe(EQUATION)}) e
      where ${product_ids}::bigint[] is null or e.product_id = any (${product_ids}::bigint[])`),
  ]
}

/**
 * Describes each stock that does not add up: `ever` has changed, the stock is negative, or the product has not the sum of its
 * variants. Ignores unrecorded stocks.
 */
export function compareStock(before: Recorded[], after: Stock[]): string[] {
  const nameOf = ({ product_id, variant_id }: Recorded) =>
    variant_id === null ? `product ${product_id}` : `variant ${variant_id} of product ${product_id}`
  const initial = new Map(before.map((stock) => [nameOf(stock), stock.ever]))
  return after
    .filter((stock) => initial.has(nameOf(stock)))
    .filter((stock) => stock.ever !== initial.get(nameOf(stock)) || stock.on_hand < 0 || !stock.is_sum)
    .map((stock) => {
      const { on_hand, in_orders, is_sum } = stock
      const sum = is_sum ? '' : ', and the product has another sum'
      return `${nameOf(stock)} had ${initial.get(nameOf(stock))}: ${on_hand} left, ${in_orders} sold${sum}`
    })
}

/** Records the stock of every product in the table `recorded_stock`, for a database that belongs to the caller. */
export async function recordStock(sql: Sql): Promise<void> {
  await sql`create table recorded_stock as select e.product_id, e.variant_id, e.ever from (${sql.unsafe(EQUATION)}) e`
}

/** Compares the stock with `recorded_stock`. */
export async function findWrongStock(sql: Sql): Promise<string[]> {
  const before = await sql<Recorded[]>`select product_id, variant_id, ever from recorded_stock`
  return compareStock([...before], await readStock(sql))
}
