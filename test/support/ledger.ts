/** The rules of the ledger, as an operator checks them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'

const EQUATION = readFileSync(join(projectRoot, 'db/ops/ledger_equation.sql'), 'utf8')

/** Returns what does not add up in the ledger, in one snapshot. */
export async function findWrongLedger(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe<{ what: string; id: string | null; expected: string; actual: string }[]>(EQUATION)
  return rows.map(({ what, id, expected, actual }) => `ledger, ${what} ${id ?? ''}: $${actual} instead of $${expected}`)
}
