-- The oldest open transactions. Each prevents vacuum of all rows that were deleted or changed since its start.
-- Normal: below a second for the service, below minutes for jobs (rebuild_*). PostgreSQL ends an "idle in transaction" of the
-- service after 10 s. Prepared transactions: none.
select 'session' as what, a.pid::text as id, a.usename as role, a.application_name, a.client_addr, a.state,
  now() - a.xact_start as age,
  now() - a.state_change as since_last_statement, age(a.backend_xmin) as rows_kept_back,
  left(regexp_replace(a.query, '\s+', ' ', 'g'), 120) as last_statement
from pg_stat_activity a
where a.xact_start is not null and a.pid <> pg_backend_pid()
union all
select 'prepared transaction', x.gid, x.owner, null, null, 'prepared', now() - x.prepared, null, age(x.transaction), null
from pg_prepared_xacts x
order by age desc nulls last
limit 25;
