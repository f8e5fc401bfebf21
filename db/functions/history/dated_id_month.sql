-- No search_path: inlined.
create or replace function dated_id_month(at timestamptz) returns bigint
language sql immutable strict
as $$
  select (extract(year from at at time zone 'UTC') * 100 + extract(month from at at time zone 'UTC'))::bigint
$$;
comment on function dated_id_month(timestamptz) is 'Returns the month in UTC that ids of this time contain: 202611.';
