-- Dead rows by table, and whether autovacuum keeps up.
-- Normal: `percent_dead` below 20 on tables above 10 MB, and `last_vacuum` of today on busy tables (changes, cart_items,
-- products, pgboss.job_common). Otherwise find the transaction that keeps old rows: oldest_transactions.sql, replication_lag.sql
-- (slots).
-- Then: vacuum (verbose, analyze) <table>; and to rebuild an index: reindex index concurrently <index>;
select st.schemaname || '.' || st.relname as table_name, pg_size_pretty(pg_total_relation_size(st.relid)) as size,
  pg_size_pretty(pg_indexes_size(st.relid)) as of_it_indexes, st.n_live_tup as live_rows, st.n_dead_tup as dead_rows,
  round(100.0 * st.n_dead_tup / nullif(st.n_live_tup + st.n_dead_tup, 0), 1) as percent_dead,
  greatest(st.last_vacuum, st.last_autovacuum) as last_vacuum, greatest(st.last_analyze, st.last_autoanalyze) as last_analyze,
  age(c.relfrozenxid) as age_of_oldest_row
from pg_stat_user_tables st
join pg_class c on c.oid = st.relid
order by st.n_dead_tup desc, pg_total_relation_size(st.relid) desc
limit 25;
