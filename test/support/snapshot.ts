import type { Pool } from '../../src/platform/db/client.ts'

/** Returns every row of every table, also of the job queue. If two snapshots are equal, nothing has changed between them. */
export async function snapshot(sql: Pool): Promise<Record<string, string[]>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname = 'public' or (schemaname = 'pgboss' and tablename = 'job')
    order by 1`
  const rows: Record<string, string[]> = {}
  for (const { name } of tables) {
    const found = await sql.unsafe(`select to_jsonb(t)::text as row from ${name} t order by 1`)
    rows[name] = found.map(({ row }) => row as string)
  }
  return rows
}
