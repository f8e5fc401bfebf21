-- The months of orders, their items and events, and of the search log: their sizes, and the number of months ahead.
-- Normal: `months_ahead` is 12 for each table. If it is below 12 for more than a day, the job forget_expired did not run or met a
-- lock each hour (waiting_jobs.sql, its log): run select make_partitions(); as the migrator. At 0 the next month has no
-- partition, and every order of that month fails.
select p.relname as table_name, c.relname as partition_name, pg_get_expr(c.relpartbound, c.oid) as holds,
  pg_size_pretty(pg_total_relation_size(c.oid)) as size, greatest(c.reltuples, 0)::bigint as rows_about,
  max(
    (left(right(c.relname, 6), 4)::integer - extract(year from now() at time zone 'UTC')::integer) * 12
      + right(c.relname, 2)::integer - extract(month from now() at time zone 'UTC')::integer
  ) over (partition by p.oid) as months_ahead
from pg_inherits i
join pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
join pg_class p on p.oid = i.inhparent and p.relnamespace = 'public'::regnamespace
order by p.relname, c.relname;
