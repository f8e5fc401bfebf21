import type { Sql } from '../../src/platform/db/client.ts'

/** PostgreSQL's own figures for one statement. The times do not include planning. */
export type StatementFigures = { query: string; calls: number; mean_ms: number; total_s: number; pages_per_call: number }
export type StatementWatch = { readDearest: () => Promise<StatementFigures[]> }

const MOST = 15

/** Counts the statements of this database from now on. `readDearest` returns no statements if there is no pg_stat_statements. */
export async function openStatementWatch(sql: Sql): Promise<StatementWatch> {
  const is_kept = await sql`create extension if not exists pg_stat_statements`.then(
    () => true,
    () => false,
  )
  if (is_kept) await sql`select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()))`
  const readDearest = async () => {
    if (!is_kept) return []
    return [
      ...(await sql<StatementFigures[]>`
        select regexp_replace(left(s.query, 160), '\\s+', ' ', 'g') as query, s.calls::integer as calls,
          s.mean_exec_time as mean_ms, s.total_exec_time / 1000 as total_s,
          (s.shared_blks_hit + s.shared_blks_read)::float / s.calls as pages_per_call
        from pg_stat_statements s join pg_database d on d.oid = s.dbid
        where d.datname = current_database() and s.toplevel
        order by s.total_exec_time desc limit ${MOST}`),
    ]
  }
  return { readDearest }
}
