create or replace function payout_provider() returns text
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(setting('PAYOUT_PROVIDER'), 'manual')
$$;
comment on function payout_provider() is 'Returns the provider of new payouts: PAYOUT_PROVIDER, manual if unset.';
