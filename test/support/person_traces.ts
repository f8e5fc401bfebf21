/** Finds the traces of a person in a database. */
import type { Sql } from '../../src/platform/db/client.ts'

/** The person of the tests of erasure. No other row has these words. */
export const TRACED = {
  email: 'quellenia@zoltan.example.com',
  display_name: 'Quellenia Zoltanova',
  address: {
    name: 'Q. Zoltanova',
    line1: '17 Marchbank Close',
    city: 'Wells',
    postal_code: '10001',
    region: 'NY',
    country: 'US',
  },
}

/** Matches the e-mail, the names and the street of the person. */
export const TRACE = /quellenia|zoltan|marchbank/i

/** Returns the columns of all schemas, as `schema.table.column`, with a text, list or JSON in which the person appears. */
export async function findTraces(sql: Sql): Promise<string[]> {
  const columns = await sql<{ name: string; tables: string; column: string }[]>`
    select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name, format('%I.%I', n.nspname, c.relname) as tables,
      quote_ident(a.attname) as column
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_type t on t.oid = a.atttypid
    where c.relkind in ('r', 'p', 'm') and not c.relispartition and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
      and (t.typcategory in ('S', 'A') or t.typname in ('json', 'jsonb', 'tsvector', 'bytea'))
    order by 1`
  const found: string[] = []
  for (const { name, tables, column } of columns) {
    const [row] = await sql.unsafe(`select exists (select from ${tables} where ${column}::text ~* $1) as is_found`, [
      TRACE.source,
    ])
    if (row?.is_found) found.push(name)
  }
  return found
}
