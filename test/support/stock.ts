/** The stock equation of db/ops/stock_equation.sql. Only a seller who sets a quantity changes `ever`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'

/** `ever` is the sum of `on_hand` and of `in_orders`, the quantity in orders that are neither cancelled nor refunded. */
export type Stock = { product_id: number; on_hand: number; in_orders: number; ever: number }

const EQUATION = readFileSync(join(projectRoot, 'db', 'ops', 'stock_equation.sql'), 'utf8')
  .trimEnd()
  .replace(/;$/, '')

/** Reads the stock of all products, or of these, in one snapshot. */
export async function readStock(sql: Sql, product_ids: number[] | null = null): Promise<Stock[]> {
  return [
    ...(await sql<Stock[]>`
      select e.product_id, e.on_hand, e.in_orders, e.ever from (${sql.unsafe(EQUATION)}) e
      where ${product_ids}::bigint[] is null or e.product_id = any (${product_ids}::bigint[])`),
  ]
}

/** Describes each product that does not add up: `ever` has changed, or the stock is negative. Ignores unrecorded products. */
export function compareStock(before: Pick<Stock, 'product_id' | 'ever'>[], after: Stock[]): string[] {
  const initial = new Map(before.map(({ product_id, ever }) => [product_id, ever]))
  return after
    .filter(({ product_id, ever, on_hand }) => initial.has(product_id) && (ever !== initial.get(product_id) || on_hand < 0))
    .map(({ product_id, on_hand, in_orders }) => {
      return `product ${product_id} had ${initial.get(product_id)}: ${on_hand} left, ${in_orders} sold`
    })
}

/** Records the stock of every product in the table `recorded_stock`, for a database that belongs to the caller. */
export async function recordStock(sql: Sql): Promise<void> {
  await sql`create table recorded_stock as select e.product_id, e.ever from (${sql.unsafe(EQUATION)}) e`
}

/** Compares the stock with `recorded_stock`. */
export async function findWrongStock(sql: Sql): Promise<string[]> {
  const before = await sql<Pick<Stock, 'product_id' | 'ever'>[]>`select product_id, ever from recorded_stock`
  return compareStock([...before], await readStock(sql))
}
