create or replace function payouts_are_paused() returns boolean
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(setting('PAYOUTS_PAUSED')::boolean, false)
$$;
comment on function payouts_are_paused() is 'Returns whether no payout is planned or sent: PAYOUTS_PAUSED, false if unset.';
