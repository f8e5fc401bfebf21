import type { Sql } from '../../src/platform/db/client.ts'
import type { Tally } from './shop.ts'

/** What the database holds afterwards. `unequal` counts products whose stock at first is not what is left and what was sold. */
export type Outcome = { revenue: string; sold: number; left: number; initial: number; unequal: number }

/** Adds up the stock of every product: initial = left + sold, cancelled and refunded orders not counted as sold. */
export async function readOutcome(sql: Sql): Promise<Outcome> {
  const [outcome] = await sql<Outcome[]>`
    with sold as (
      select oi.product_id, sum(oi.quantity) as quantity
      from order_items oi join orders o on o.id = oi.order_id
      where o.status not in ('cancelled', 'refunded')
      group by oi.product_id
    )
    select
      (select coalesce(sum(o.total), 0)::numeric(14, 2)::text from orders o where o.status not in ('cancelled', 'refunded')) as revenue,
      coalesce(sum(rs.quantity), 0)::bigint as initial,
      coalesce(sum(p.quantity), 0)::bigint as left,
      coalesce(sum(s.quantity), 0)::bigint as sold,
      count(*) filter (where rs.quantity is distinct from p.quantity + coalesce(s.quantity, 0)) as unequal
    from replay_stock rs
    full join products p on p.id = rs.product_id
    left join sold s on s.product_id = p.id`
  return outcome as Outcome
}

/** The table a replay ends with. */
export function renderReport(tally: Tally, outcome: Outcome, duration_s: number, rss_mb: number, unknown_lines: number): string {
  const times = tally.checkout_ms.toSorted((a, b) => a - b)
  const at = (share: number) => `${(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1)} ms`
  const rows: [string, string][] = [
    ['baskets', `${tally.baskets}`],
    ['checkouts', `${tally.checkouts}${tally.pending > 0 ? ` (${tally.pending} pending)` : ''}`],
    ['orders', `${tally.orders}`],
    ['lines', `${tally.lines}`],
    ['refused for lack of stock', `${tally.refused_lines} lines, ${tally.empty_baskets} whole baskets`],
    ['not in the catalogue', `${unknown_lines} lines`],
    ['revenue', `$${outcome.revenue}`],
    ['checkouts/s', (tally.checkouts / duration_s).toFixed(1)],
    ['checkout p50 / p95 / p99', `${at(0.5)} / ${at(0.95)} / ${at(0.99)}`],
    ['5xx answers', `${tally.server_errors}`],
    ['other unexpected answers', `${tally.failures.length}`],
    ['memory of the API process', `${rss_mb.toFixed(0)} MB`],
    ['stock: initial = left + sold', `${outcome.initial} = ${outcome.left} + ${outcome.sold}`],
    ['products that do not add up', `${outcome.unequal}`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** Whether everything is as it must be: no 5xx, nothing unexpected, every product adds up. */
export function isSound(tally: Tally, outcome: Outcome): boolean {
  return tally.server_errors === 0 && tally.failures.length === 0 && outcome.unequal === 0
}
