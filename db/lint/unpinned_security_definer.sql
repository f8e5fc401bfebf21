-- A security definer with the caller's search path would run the caller's objects.
select p.oid::regprocedure::text as object, 'It is security definer without a search_path that ends in pg_temp.' as finding
from pg_proc p
where p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  and p.prosecdef
  and not exists (select from unnest(p.proconfig) setting where setting ~ '^search_path=.*pg_temp$')
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
