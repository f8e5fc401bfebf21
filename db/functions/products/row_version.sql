-- Every transaction that changes the row sets xmin, so no writer has to maintain a version column. xmin repeats after four
-- billion transactions, and updated_at distinguishes those.
create or replace function row_version(xmin xid, updated_at timestamptz) returns text
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select row_version.xmin::text || '-' || (extract(epoch from row_version.updated_at) * 1000000)::bigint::text
$$;
comment on function row_version(xid, timestamptz) is
  'Returns the version of a row, for an ETag. Every change of the row changes it.';
