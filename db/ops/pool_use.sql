-- Who has how many connections, and what they do, beside what the server allows.
-- Normal: each process of the service has up to 10 as "stallwright api", 4 as "stallwright jobs", 2 as "stallwright relay" and those of
-- pg-boss; `active` is far below that. All of a pool active: slow_statements.sql and lock_waits.sql. Any "idle in transaction":
-- oldest_transactions.sql. `of_max` near 100 percent: fewer processes, or a pooler in front.
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
