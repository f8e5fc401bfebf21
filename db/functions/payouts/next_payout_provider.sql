-- A payout that failed or came back can leave its transfers in the account of the shop at its provider. Only that provider can pay
-- them: another one would pay them a second time.
create or replace function next_payout_provider(shop_id bigint) returns text
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce((
    select p.provider
    from transfers t
    join payout_items i on i.transfer_id = t.id
    join payouts p on p.id = i.payout_id
    where t.shop_id = next_payout_provider.shop_id and t.payout_id is null and t.status in ('done', 'unknown') and t.amount > 0
    order by p.id desc
    limit 1
  ), payout_provider())
$$;
comment on function next_payout_provider(bigint) is
  'Returns the provider of the next payout of a shop: PAYOUT_PROVIDER, or the one that has money of the shop in an account.';
