import type { Sql } from '../../src/platform/db/client.ts'

/** What was sold and what is left must be what there was; each line of `findWrong` names a listing for which it is not. */
export type StockAudit = { findWrong: () => Promise<string[]> }

/** Notes the stock of these listings now. */
export async function openStockAudit(sql: Sql, product_ids: number[]): Promise<StockAudit> {
  const initial = await sql<{ id: number; quantity: number }[]>`
    select id, quantity from products where id = any (${product_ids}::bigint[]) order by id`
  const [last] = await sql<{ id: number }[]>`select coalesce(max(id), 0) as id from orders`
  const findWrong = async () => {
    const wrong = await sql<{ id: number; initial: number; left: number; sold: number }[]>`
      with sold as (
        select oi.product_id, sum(oi.quantity) as quantity
        from order_items oi join orders o on o.id = oi.order_id
        where o.id > ${last?.id ?? 0} and o.status not in ('cancelled', 'refunded')
        group by oi.product_id
      )
      select p.id, i.quantity as initial, p.quantity as left, coalesce(s.quantity, 0)::integer as sold
      from unnest(${initial.map(({ id }) => id)}::bigint[], ${initial.map(({ quantity }) => quantity)}::integer[]) i (id, quantity)
      join products p on p.id = i.id
      left join sold s on s.product_id = p.id
      where i.quantity <> p.quantity + coalesce(s.quantity, 0) or p.quantity < 0
      order by p.id`
    return wrong.map(({ id, initial, left, sold }) => `listing ${id} had ${initial}: ${left} left, ${sold} sold`)
  }
  return { findWrong }
}
