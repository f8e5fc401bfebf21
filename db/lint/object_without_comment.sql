-- Tables, columns and functions need a comment. pg-boss has its own schema, and a partition has the comments of its table.
with ours as (
  select c.oid, c.relname from pg_class c
  where c.relkind in ('r', 'p', 'v', 'm')
    and c.relnamespace = 'public'::regnamespace
    and not c.relispartition
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
)
select o.oid::regclass::text as object, 'There is no comment on the table.' as finding
from ours o
where obj_description(o.oid, 'pg_class') is null
union all
select format('%s.%s', o.oid::regclass, a.attname),
  'There is no comment on the column: say what it is, its unit, and what null means.'
from ours o
join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
where col_description(o.oid, a.attnum) is null
union all
select p.oid::regprocedure::text, 'There is no comment on the function.'
from pg_proc p
where p.pronamespace = 'public'::regnamespace
  and obj_description(p.oid, 'pg_proc') is null
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
