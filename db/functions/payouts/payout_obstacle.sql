create or replace function payout_obstacle(shop_id bigint) returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return case
    when exists (
      select from payouts p where p.shop_id = payout_obstacle.shop_id and p.status in ('planned', 'sent', 'unknown')
    ) or exists (
      select from payouts p where p.shop_id = payout_obstacle.shop_id and p.problem is not null
    ) then 'payout_held'
    when payout_provider() <> 'manual' and not exists (
      select from payout_accounts a
      where a.shop_id = payout_obstacle.shop_id and a.provider = payout_provider() and a.status = 'active'
    ) then 'payout_account_inactive'
  end;
end;
$$;
comment on function payout_obstacle(bigint) is
  'Returns why a shop can have no new payout: payout_held (one is open, or has a problem), payout_account_inactive, or null.';
