-- Buyers report most problems by then: Sharetribe waits 14 days, Etsy until a parcel is on its way.
create or replace function days_until_release(status text) returns integer
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(setting('PAYOUT_HOLD_DAYS')::integer, case status when 'delivered' then 3 else 14 end)
$$;
comment on function days_until_release(text) is
  'Returns the days between the time when an order was shipped or delivered and the release of its earnings.';
