-- A function that writes is a security definer, so that no login needs write access to a table (access/grants.sql).
select p.oid::regprocedure::text as object, 'It is volatile and not security definer.' as finding
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.provolatile = 'v' and not p.prosecdef
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
