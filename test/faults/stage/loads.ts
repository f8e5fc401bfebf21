import { showProduct } from '../../../src/domains/products/statements.ts'
import type { Sql } from '../../../src/platform/db/client.ts'

/** The statement that loads a product's page. Some versions of PostgreSQL leave out a comment in front. */
export const PAGE_LOAD = showProduct.text.replace(/^--.*$/gm, '').trim()

/**
 * Counts how often the database has loaded a product's page, by its own count (pg_stat_statements), which the embedded server
 * keeps; null where a server does not.
 */
export async function openLoadCount(sql: Sql): Promise<(() => Promise<number>) | null> {
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
    return null
  }
}
