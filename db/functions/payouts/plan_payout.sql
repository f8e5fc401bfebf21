-- Of any amount: PAYOUT_MINIMUM is for the daily plan. So a small rest can leave before its owner closes the account.
create or replace function plan_payout(shop_id bigint, actor_id bigint default null) returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_balance shop_balances;
  v_obstacle text;
  v_payout_id bigint;
begin
  if payouts_are_paused() then
    raise exception using errcode = 'SWPHL', message = 'The operator of the marketplace has paused all payouts.';
  end if;
  select b.* into v_balance from shop_balances b where b.shop_id = plan_payout.shop_id for no key update;
  if not found and not exists (select from shops s where s.id = plan_payout.shop_id) then
    raise exception using errcode = 'SWNTF', message = 'There is no such shop.';
  end if;
  v_obstacle := payout_obstacle(shop_id);
  if v_obstacle = 'payout_account_inactive' then
    raise exception using errcode = 'SWPAI',
      message = 'The payout account of the shop is not active. Its owner opens it with POST /v1/shops/{id}/payout-account.';
  elsif v_obstacle is not null then
    raise exception using errcode = 'SWPHL', message = 'The shop has an open payout. The next one can begin when it has ended.';
  elsif coalesce(v_balance.available, 0) <= 0 then
    raise exception using errcode = 'SWPMI',
      message = format('$%s are available. A payout needs at least $0.01.', coalesce(v_balance.available, 0)),
      detail = json_build_object('payable', coalesce(v_balance.available, 0)::text, 'min', '0.01');
  end if;
  select w.payout_id into v_payout_id from write_payouts(array[plan_payout.shop_id], plan_payout.actor_id) w;
  if not found then
    raise exception using errcode = 'SWSUM',
      message = 'The transfers of the shop do not add up to its balance. find_wrong_ledger() has both amounts.';
  end if;
  return query select p.id, payout_json(p) from payouts p where p.id = v_payout_id;
end;
$$;
comment on function plan_payout(bigint, bigint) is
  'Plans a payout of all that is available to a shop now, for an operator. SWNTF, SWPAI, SWPMI, SWPHL, SWSUM.';
