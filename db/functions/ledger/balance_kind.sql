-- No search_path: inlined.
create or replace function balance_kind(account text) returns text
language sql immutable parallel safe
as $$
  select substr(account, 8)
$$;
comment on function balance_kind(text) is
  'Returns the balance that an account of sellers is of: pending, available or in_transit.';
