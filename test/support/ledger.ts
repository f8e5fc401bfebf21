/** The rules of the ledger, as an operator checks them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pool, Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'

const EQUATION = readFileSync(join(projectRoot, 'db/ops/ledger_equation.sql'), 'utf8')

/** Returns what does not add up in the ledger, in one snapshot. */
export async function findWrongLedger(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe<{ what: string; id: string | null; expected: string; actual: string }[]>(EQUATION)
  return rows.map(({ what, id, expected, actual }) => `ledger, ${what} ${id ?? ''}: $${actual} instead of $${expected}`)
}

/** Releases the earnings of all shipped orders, and pays out what is available to a shop. Returns the payout. */
export async function payOut(sql: Pool, shop_id: number): Promise<number> {
  return await sql.begin(async (tx) => {
    const before = await tx`select name, value from settings`
    await tx`
      insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '0.01'), ('PAYOUT_PROVIDER', 'manual')
      on conflict (name) do update set value = excluded.value`
    await tx`select release_earnings()`
    const [payout] = await tx<{ id: number }[]>`select id from plan_payout(${shop_id})`
    const id = payout?.id as number
    await tx`select settle_payout(${id}, 'paid', ${`po_${id}`})`
    await tx`delete from settings`
    await tx`insert into settings ${tx(before.length > 0 ? before : [{ name: 'PAYOUT_PROVIDER', value: 'manual' }])}`
    return id
  })
}
