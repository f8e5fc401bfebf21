-- No search_path: inlined.
create or replace function first_dated_id(at timestamptz) returns bigint
language sql immutable strict
as $$
  select dated_id_month(at) * 1000000000
$$;
comment on function first_dated_id(timestamptz) is
  'Returns the lowest id that a checkout or an order of this time or later can have.';
