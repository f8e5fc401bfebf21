-- Tables and functions of our own. schema_migrations is dbmate's.
select c.oid::regclass::text as object, 'There is no comment on the table.' as finding
from pg_class c
where c.relkind in ('r', 'p', 'v', 'm')
  and c.relnamespace = 'public'::regnamespace
  and c.relname <> 'schema_migrations'
  and obj_description(c.oid, 'pg_class') is null
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
union all
select p.oid::regprocedure::text, 'There is no comment on the function.'
from pg_proc p
where p.pronamespace = 'public'::regnamespace
  and obj_description(p.oid, 'pg_proc') is null
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
