-- Without an index, deleting the referenced row scans the whole table. The index begins with the columns that identify the row:
-- by shop_id alone, PostgreSQL would read every row of the shop. It may leave out rows where one of them is null. A partitioned
-- table has no rows; its partitions have the key too.
with keys as (
  select c.conname, c.conrelid,
    coalesce(
      (
        select array_agg(c.conkey[array_position(c.confkey, r.attnum)])
        from pg_index i
        cross join unnest(i.indkey::smallint[]) r (attnum)
        where i.indrelid = c.confrelid and i.indisprimary and i.indkey::smallint[] <@ c.confkey
      ),
      c.conkey
    ) as attnums
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid and t.relkind = 'r'
  where c.contype = 'f' and c.connamespace = 'public'::regnamespace
)
select k.conrelid::regclass::text as object, format('%s has no index that begins with its columns.', k.conname) as finding
from keys k
where not exists (
  select from pg_index i
  where i.indrelid = k.conrelid
    and (i.indkey::smallint[])[0:cardinality(k.attnums) - 1] @> k.attnums
    and (
      i.indpred is null
      or pg_get_expr(i.indpred, i.indrelid) in (
        select format('(%I IS NOT NULL)', a.attname) from pg_attribute a
        where a.attrelid = k.conrelid and a.attnum = any (k.attnums)
      )
    )
)
