-- Every foreign key states its "on delete".
select c.conrelid::regclass::text as object, format('%s has no action on delete.', c.conname) as finding
from pg_constraint c
where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.confdeltype = 'a'
