-- An error without an own SQLSTATE is an "internal error" for the client. `when others` hides every bug.
select p.oid::regprocedure::text as object, trouble.finding
from pg_proc p
cross join lateral (
  select 'A raise exception does not begin with "using errcode".' as finding
  where regexp_count(p.prosrc, '\mraise\s+exception\M', 1, 'i')
    <> regexp_count(p.prosrc, '\mraise\s+exception\s+using\s+errcode\M', 1, 'i')
  union all
  select 'It catches every error there is (when others).'
  where p.prosrc ~* '\mwhen\s+others\M'
) trouble
where p.pronamespace = 'public'::regnamespace
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
