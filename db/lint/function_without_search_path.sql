-- A function must use the same tables for every caller. $1: the functions without search_path, which PostgreSQL inlines and whose
-- comment states it ("No search_path"). PostgreSQL inlines only plain SQL with the caller's rights.
select p.oid::regprocedure::text as object,
  case when p.proname = any ($1::text[]) then 'It says that it is inlined, but cannot be: not SQL, or security definer.'
    else 'It does not set search_path = public, pg_temp.' end as finding
from pg_proc p
join pg_language l on l.oid = p.prolang
where p.pronamespace = 'public'::regnamespace
  and not coalesce(p.proconfig, '{}') @> array['search_path=public, pg_temp']
  and not (p.proname = any ($1::text[]) and l.lanname = 'sql' and not p.prosecdef)
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
