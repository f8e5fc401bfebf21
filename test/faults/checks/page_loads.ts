import { showProduct } from '../../../src/domains/products/statements.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import type { Run } from '../scenario.ts'

/** The statement that loads a product's page, without its comment: some versions of PostgreSQL omit a leading comment. */
export const PAGE_LOAD = showProduct.text.replace(/^--.*$/gm, '').trim()

/**
 * Returns a function that counts how often the database has loaded a product's page, by pg_stat_statements. Returns null, and
 * reports `what` as skipped, if the server lacks this extension. The embedded server has it.
 */
export async function openLoadCount(run: Run, sql: Sql, what: string): Promise<(() => Promise<number>) | null> {
  const count = async () => {
    const [row] = await sql<{ calls: number }[]>`
      select coalesce(sum(s.calls), 0)::bigint as calls
      from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname = current_database() and strpos(s.query, ${PAGE_LOAD}) > 0`
    return row?.calls ?? 0
  }
  try {
    await sql`create extension if not exists pg_stat_statements`
    await count()
    return count
  } catch {
    run.skip(`${what} (the server keeps no pg_stat_statements)`)
    return null
  }
}
