-- The most expensive statements since the last reset of the counters.
-- Needs shared_preload_libraries = 'pg_stat_statements', and once in this database "create extension pg_stat_statements". Run it
-- as a superuser or a member of pg_read_all_stats.
-- The service limits a statement to 2.2 s (statement_timeout). Look at the plan of a statement with a mean above 50 ms. To reset
-- the counters: select pg_stat_statements_reset();
do $$
begin
  if to_regclass('pg_stat_statements') is null then
    raise exception 'This database lacks the extension pg_stat_statements.'
      using hint = 'A superuser sets shared_preload_libraries = ''pg_stat_statements'', restarts the server, and runs '
        '"create extension pg_stat_statements" here.';
  end if;
end;
$$;
select round((100 * s.total_exec_time / nullif(sum(s.total_exec_time) over (), 0))::numeric, 1) as percent_of_time,
  s.calls, round(s.mean_exec_time::numeric, 2) as mean_ms, round(s.max_exec_time::numeric, 1) as max_ms,
  round(s.rows::numeric / greatest(s.calls, 1), 1) as rows_a_call,
  round(100.0 * s.shared_blks_hit / nullif(s.shared_blks_hit + s.shared_blks_read, 0), 1) as percent_from_memory,
  r.rolname as role, left(regexp_replace(s.query, '\s+', ' ', 'g'), 200) as statement
from pg_stat_statements s
left join pg_roles r on r.oid = s.userid
where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
order by s.total_exec_time desc
limit 25;
