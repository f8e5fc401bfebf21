-- No search_path: inlined, so that the planner knows the value.
create or replace function last_dated_id(at timestamptz) returns bigint
language sql immutable strict
as $$
  select dated_id_month(at) * 1000000000 + 999999999
$$;
comment on function last_dated_id(timestamptz) is
  'Returns the highest id that a checkout or an order of this time or earlier can have.';
