-- Connections by client and state, and the server's limit.
-- Normal: each process of the service has up to 10 as "stallwright api", 4 as "stallwright jobs", 2 as "stallwright relay" and
-- those of pg-boss, and few are `active`. If a whole pool is active: slow_statements.sql and lock_waits.sql. If any is "idle in
-- transaction": oldest_transactions.sql. If `of_max` is near 100 percent: run fewer processes, or a pooler.
select coalesce(nullif(a.application_name, ''), '(no name)') as application, a.usename as role, count(*) as connections,
  count(*) filter (where a.state = 'active') as active, count(*) filter (where a.state = 'idle') as idle,
  count(*) filter (where a.state like 'idle in transaction%') as idle_in_transaction,
  count(*) filter (where a.wait_event_type = 'Lock') as waiting_for_locks,
  max(now() - a.query_start) filter (where a.state = 'active' and a.pid <> pg_backend_pid()) as longest_statement,
  round(100.0 * sum(count(*)) over () / current_setting('max_connections')::integer, 1) as of_max
from pg_stat_activity a
where a.backend_type = 'client backend'
group by 1, 2
order by connections desc, application;
