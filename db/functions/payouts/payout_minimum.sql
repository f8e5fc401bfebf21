create or replace function payout_minimum() returns numeric
language sql stable
set search_path = public, pg_temp
as $$
  select greatest(coalesce(setting('PAYOUT_MINIMUM')::numeric(12, 2), 25.00), 0.01)
$$;
comment on function payout_minimum() is
  'Returns the least amount of a payout, in US dollars and cents: PAYOUT_MINIMUM, 25.00 if unset, at least a cent.';
