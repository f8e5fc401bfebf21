-- Names follow {table}_{columns}_{pkey|key|fkey|idx}, and a CHECK is a sentence about its table, so that an error explains
-- itself. A partition has the names of its table, and a reference to a partitioned table has one constraint a partition.
with named as (
  select k.conrelid as table_oid, k.conname::text as name, k.contype::text as kind,
    (select string_agg(a.attname, '_' order by c.position)
     from unnest(k.conkey) with ordinality c (attnum, position)
     join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.attnum) as columns
  from pg_constraint k
  where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0
  union all
  select i.indrelid, i.indexrelid::regclass::text, case when i.indisunique then 'unique index' else 'index' end, null
  from pg_index i
  join pg_class c on c.oid = i.indrelid
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
),
expected as (
  select n.table_oid, n.name,
    case n.kind
      when 'p' then format('%s_pkey', t.relname)
      when 'u' then format('%s_%s_key', t.relname, n.columns)
      when 'f' then format('%s_%s_fkey', t.relname, n.columns)
      when 'c' then format('%s_%%', t.relname)
      when 'x' then format('%s_%%_excl', t.relname)
      when 'unique index' then format('%s_%%_key', t.relname)
      else format('%s_%%_idx', t.relname)
    end as pattern,
    n.kind
  from named n
  join pg_class t on t.oid = n.table_oid
  where t.relname <> 'schema_migrations' and not t.relispartition
)
select e.table_oid::regclass::text as object, format('%s: %s is the pattern.', e.name, e.pattern) as finding
from expected e
where e.name not like replace(left(e.pattern, 63), '_', '\_')
  or e.kind = 'c' and e.name like '%\_check'
