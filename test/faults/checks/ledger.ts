/** The rules of the ledger beyond its own equation: who may be paid, what a commission is, and what the provider's books say. */
import { centsOf, dollarsOf } from '../../../src/domains/payments/cents.ts'
import type { BankCounts } from '../../../src/domains/payments/simulated_bank_records.ts'
import type { Counts } from '../../../src/domains/payments/simulated_records.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { findWrongLedger } from '../../support/ledger.ts'

/** Returns what is wrong in the ledger at any moment, in one snapshot for each rule. */
export async function findWrongMoment(sql: Sql): Promise<string[]> {
  const twice = await sql<{ shop_id: number; payouts: number }[]>`
    select shop_id, count(*)::integer as payouts from payouts where status in ('planned', 'sent', 'unknown')
    group by shop_id having count(*) > 1`
  const held = await sql<{ id: number }[]>`
    select o.id from orders o join order_holds h on h.order_id = o.id
    where o.released_at > h.created_at and (h.ended_at is null or o.released_at < h.ended_at)`
  return [
    ...(await findWrongLedger(sql)),
    ...twice.map(({ shop_id, payouts }) => `shop ${shop_id} has ${payouts} open payouts`),
    ...held.map(({ id }) => `the earnings of order ${id} were released while they were held`),
  ]
}

type OrderRow = {
  id: number
  total: string
  gone: string
  commissions: string
  commission: string
}

/** Returns the orders whose commission is not what was agreed at the sale, less the part that has gone back, rounded once. */
export async function findWrongCommissions(sql: Sql): Promise<string[]> {
  const orders = await sql<OrderRow[]>`
    select o.id, o.total::text, (o.refunded + coalesce((
        select sum(h.amount) from order_holds h where h.order_id = o.id and (h.ended_at is null or h.is_lost)
      ), 0))::numeric(12, 2)::text as gone,
      (
        select coalesce(json_agg(json_build_object('amount', c.amount::text, 'is_returned', c.is_returned_on_refund)), '[]')::text
        from order_commissions c where c.order_id = o.id
      ) as commissions,
      (
        select coalesce(sum(e.amount), 0)::numeric(12, 2)::text from ledger_entries e
        where e.order_id = o.id and e.account = 'commission'
      ) as commission
    from orders o where o.ship_by is not null`
  return orders.flatMap(({ id, commission, ...order }) => {
    const expected = dollarsOf(commissionLeft(order))
    return expected === commission ? [] : [`order ${id} has a commission of $${commission} instead of $${expected}`]
  })
}

function commissionLeft({ total, gone, commissions }: Omit<OrderRow, 'id' | 'commission'>): number {
  const cents = BigInt(centsOf(total))
  const gone_cents = BigInt(Math.min(centsOf(gone), centsOf(total)))
  const agreements = JSON.parse(commissions) as { amount: string; is_returned: boolean }[]
  return agreements.reduce((sum, { amount, is_returned }) => {
    const agreed = BigInt(centsOf(amount))
    const returned = is_returned ? (2n * agreed * gone_cents + cents) / (2n * cents) : 0n
    return sum + Number(agreed - returned)
  }, 0)
}

/** Returns the difference of the ledger's provider account to the provider's books, and each key that moved money twice. */
export async function findOtherBooks(sql: Sql, counts: Counts & BankCounts): Promise<string[]> {
  const [account] = await sql<{ cents: string }[]>`
    select (coalesce(sum(amount), 0) * -100)::bigint::text as cents from ledger_entries where account = 'provider'`
  const { captured, refunded, lost, paid_out, returned } = counts
  const there = centsOf(captured) - centsOf(refunded) - centsOf(lost) - centsOf(paid_out) + centsOf(returned)
  const here = Number(account?.cents)
  const again = Object.entries({ ...counts.transfers, ...counts.payouts }).filter(([, { count }]) => count > 1)
  return [
    ...(here === there ? [] : [`the ledger has ${here} cents at the provider, whose books have ${there}`]),
    ...again.map(([key, { count }]) => `the provider did ${key} ${count} times`),
    ...(await findOtherPayouts(sql, counts)),
  ]
}

/** Returns the shops that the provider paid another amount than the payouts say. */
async function findOtherPayouts(sql: Sql, { accounts }: BankCounts): Promise<string[]> {
  const shops = await sql<{ shop_id: number; cents: number }[]>`
    select shop_id, (coalesce(sum(amount) filter (where status = 'paid'), 0) * 100)::integer as cents from payouts
    where provider = 'simulated' group by shop_id`
  const known = new Map(shops.map(({ shop_id, cents }) => [`acct_${shop_id}`, cents]))
  const paid = new Map(Object.entries(accounts).map(([id, sums]) => [id, centsOf(sums.paid_out) - centsOf(sums.returned)]))
  return [...new Set([...known.keys(), ...paid.keys()])].flatMap((id) => {
    const [here, there] = [known.get(id) ?? 0, paid.get(id) ?? 0]
    return here === there ? [] : [`${id} was paid ${there} cents, its payouts say ${here}`]
  })
}
