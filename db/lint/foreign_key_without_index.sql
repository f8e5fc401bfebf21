-- Without an index, deleting the referenced row scans the whole table. An index on one of several columns is enough.
select c.conrelid::regclass::text as object, format('%s has no index that begins with one of its columns.', c.conname) as finding
from pg_constraint c
where c.contype = 'f'
  and c.connamespace = 'public'::regnamespace
  and not exists (
    select from pg_index i
    where i.indrelid = c.conrelid
      and i.indpred is null
      and i.indkey[0] = any (c.conkey)
  )
