select c.oid::regclass::text as object, 'There is no primary key.' as finding
from pg_class c
where c.relkind in ('r', 'p')
  and c.relnamespace = 'public'::regnamespace
  and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')
