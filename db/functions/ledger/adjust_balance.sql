-- key: the same key books once. The marketplace pays a positive amount from its own money, and keeps a negative one.
create or replace function adjust_balance(
  shop_id bigint, amount numeric, reason text, actor_id bigint default null, key text default gen_random_uuid()::text
) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_id bigint;
begin
  if amount is null or amount = 0 or round(amount, 2) <> amount then
    raise exception using errcode = 'SWINV', message = 'An adjustment is an amount in dollars and cents, not 0.',
      detail = '{"field": "amount"}';
  end if;
  if not exists (select from shops s where s.id = adjust_balance.shop_id) then
    raise exception using errcode = 'SWNTF', message = 'There is no such shop.';
  end if;
  select t.id into v_id from ledger_transactions t where t.kind = 'adjustment' and t.source = 'adjustment:' || key;
  if found then
    return v_id;
  end if;
  begin
    v_id := book_balance(
      'adjustment', 'adjustment:' || key, next_dated_id('payouts_id_seq'), adjust_balance.shop_id, null, 'platform_funding',
      'seller_available', amount, adjust_balance.actor_id, reason
    );
  exception when unique_violation then
    -- Another call with the key has just committed.
    select t.id into strict v_id from ledger_transactions t where t.kind = 'adjustment' and t.source = 'adjustment:' || key;
    return v_id;
  end;
  insert into transfers (transaction_id, shop_id, amount) values (v_id, adjust_balance.shop_id, adjust_balance.amount);
  return v_id;
end;
$$;
comment on function adjust_balance(bigint, numeric, text, bigint, text) is
  'Adds an amount to what is available to a shop, or takes it away, for a reason. Returns the ledger transaction. SWINV, SWNTF.';
