/** What the marketplace keeps of the replayed baskets, and what it owes the shops, counted again in whole cents. */
import { centsOf, dollarsOf } from '../../src/domains/payments/cents.ts'
import type { Sql } from '../../src/platform/db/client.ts'
import { findWrongLedger } from '../../test/support/ledger.ts'

/** Amounts of the ledger. `wrong` describes shops for which the lines of the orders give another amount. */
export type Commission = { commission: string; owed: string; shops: number; wrong: string[] }

/** In thousandths of the price, and in cents a unit. */
const [PER_MILLE, CENTS_A_UNIT] = [65, 30]

/** Sets a commission of 6.5 % and 0.30 a unit for all sales. */
export async function setCommission(sql: Sql): Promise<void> {
  await sql`
    update commission_rates set percent = 6.5, fixed_per_unit = 0.30 where shop_id is null and category_id is null`
}

type OrderRow = { shop_id: number; total: string; units: number; paid: string }
type ShopRow = { shop_id: number; commission: string; owed: string }

/** Compares the ledger with the lines of the paid orders. */
export async function readCommission(sql: Sql): Promise<Commission> {
  const orders = await sql<OrderRow[]>`
    select o.shop_id, o.total::text, sum(oi.quantity)::integer as units, sum(oi.quantity * oi.price_at_purchase)::text as paid
    from orders o join order_items oi on oi.order_id = o.id
    where o.ship_by is not null
    group by o.id`
  const rows = await sql<ShopRow[]>`
    select b.shop_id, b.pending::text as owed, (
        select coalesce(sum(e.amount), 0)::numeric(14, 2)::text from orders o join ledger_entries e on e.order_id = o.id
        where o.shop_id = b.shop_id and e.account = 'commission'
      ) as commission
    from shop_balances b`
  const expected = new Map<number, { commission: number; owed: number }>()
  for (const { shop_id, total, units, paid } of orders) {
    const shop = expected.get(shop_id) ?? { commission: 0, owed: 0 }
    const base = centsOf(paid)
    // Half a cent is rounded up. All numbers are whole, so nothing else is rounded.
    const commission = Math.min(base, Math.floor((base * PER_MILLE + 500) / 1000) + units * CENTS_A_UNIT)
    expected.set(shop_id, { commission: shop.commission + commission, owed: shop.owed + centsOf(total) - commission })
  }
  const actual = new Map(
    rows.map(({ shop_id, ...row }) => [shop_id, { commission: centsOf(row.commission), owed: centsOf(row.owed) }]),
  )
  const nothing = { commission: 0, owed: 0 }
  const wrong = [...new Set([...expected.keys(), ...actual.keys()])].flatMap((shop_id) => {
    const [here, there] = [actual.get(shop_id) ?? nothing, expected.get(shop_id) ?? nothing]
    const isEqual = here.commission === there.commission && here.owed === there.owed
    return isEqual
      ? []
      : [`shop ${shop_id} is owed ${here.owed} cents after ${here.commission} instead of ${there.owed} after ${there.commission}`]
  })
  const sum = (part: 'commission' | 'owed') => dollarsOf([...actual.values()].reduce((total, shop) => total + shop[part], 0))
  return {
    commission: sum('commission'),
    owed: sum('owed'),
    shops: actual.size,
    wrong: [...wrong, ...(await findWrongLedger(sql))],
  }
}
