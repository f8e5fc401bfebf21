-- Times have a time zone, text has its limit in a CHECK, ids are identities, stored JSON is jsonb, fractions are exact. Ids of
-- partitioned tables are no identities: PostgreSQL 16 and older do not support them in partitions, and 17 requires them.
select format('%s.%s', a.attrelid::regclass, a.attname) as object,
  format('%s: write %s.', format_type(a.atttypid, a.atttypmod), better.type) as finding
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
cross join lateral (
  select case format_type(a.atttypid, null)
    when 'timestamp without time zone' then 'timestamptz'
    when 'time with time zone' then 'timestamptz'
    when 'character varying' then 'text with a CHECK'
    when 'character' then 'text with a CHECK'
    when 'json' then 'jsonb'
    when 'money' then 'numeric(10, 2)'
  end as type
  union all
  select 'generated always as identity'
  from pg_attrdef d
  where d.adrelid = a.attrelid and d.adnum = a.attnum and pg_get_expr(d.adbin, d.adrelid) like 'nextval(%'
    and c.relkind = 'r' and not c.relispartition
) better
where a.attnum > 0 and not a.attisdropped and better.type is not null and c.relname <> 'schema_migrations'
