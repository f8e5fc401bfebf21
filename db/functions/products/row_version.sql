-- xmin is new with every transaction that changes the row and needs no column that every writer has to keep. It is used
-- again after four billion transactions: updated_at keeps those apart.
create or replace function row_version(xmin xid, updated_at timestamptz) returns text
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select row_version.xmin::text || '-' || (extract(epoch from row_version.updated_at) * 1000000)::bigint::text
$$;
comment on function row_version(xid, timestamptz) is 'A word that is another one after every change of a row: an ETag.';
