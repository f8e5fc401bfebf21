-- Plans one payout of all that is available for each shop that can have one: at least PAYOUT_MINIMUM, no open payout, and an active
-- account, which the provider `manual` does not need. The money is in transit when this commits, before any provider is asked.
-- While payouts are paused it plans none. The job plan_payouts repeats it until it returns 0, so that no transaction keeps sales waiting
-- for long. A batch can be smaller than max_shops although more shops are due, because write_payouts leaves out shops.
-- Locks: balances by shop. A second planner waits for them and then finds nothing to plan.
create or replace function plan_payouts(max_shops integer default 1000) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_minimum constant numeric := payout_minimum();
  v_shop_ids bigint[];
begin
  if payouts_are_paused() then
    return 0;
  end if;
  with due as (
    select b.shop_id from shop_balances b
    where b.available >= v_minimum and payout_obstacle(b.shop_id) is null
    order by b.shop_id
    limit max_shops
    for no key update of b
  )
  select array_agg(d.shop_id) into v_shop_ids from due d;
  return (select count(*) from write_payouts(v_shop_ids, null));
end;
$$;
comment on function plan_payouts(integer) is 'Plans a payout for each shop that is owed one. Returns the number of payouts.';
