-- key: the same key books once. The marketplace pays a positive amount from its own money, and keeps a negative one. The limit is for
-- amounts that lost their decimal point.
create or replace function adjust_balance(
  shop_id bigint, amount numeric, reason text, actor_id bigint default null, key text default gen_random_uuid()::text
) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_limit constant numeric := 1000000.00;
  v_id bigint;
begin
  if amount is null or amount = 0 or round(amount, 2) <> amount or abs(amount) > v_limit then
    perform refuse_field('amount', format('An adjustment is an amount in dollars and cents, not 0, and at most %s.', v_limit));
  elsif char_length(btrim(reason)) not between 1 and 1000 or reason is null then
    perform refuse_field('reason', 'An adjustment needs a reason of 1 to 1000 characters.');
  elsif char_length(key) not between 1 and 180 or key is null then
    perform refuse_field('key', 'A key has 1 to 180 characters.');
  elsif not exists (select from shops s where s.id = adjust_balance.shop_id) then
    raise exception using errcode = 'SWNTF', message = 'There is no such shop.';
  elsif actor_id is not null and not exists (select from users u where u.id = adjust_balance.actor_id) then
    perform refuse_field('actor_id', 'There is no such user.');
  end if;
  select t.id into v_id from ledger_transactions t where t.kind = 'adjustment' and t.source = 'adjustment:' || key;
  if not found then
    begin
      v_id := book_balance(
        'adjustment', 'adjustment:' || key, next_dated_id('payouts_id_seq'), adjust_balance.shop_id, 'platform_funding',
        'seller_available', amount, adjust_balance.actor_id, reason
      );
      insert into transfers (transaction_id, shop_id, amount) values (v_id, adjust_balance.shop_id, adjust_balance.amount);
      return v_id;
    exception when unique_violation then
      -- Another call with the key has just committed.
      select t.id into strict v_id from ledger_transactions t where t.kind = 'adjustment' and t.source = 'adjustment:' || key;
    end;
  end if;
  if not exists (
    select from ledger_entries e
    where e.transaction_id = v_id and e.shop_id = adjust_balance.shop_id and e.amount = adjust_balance.amount
  ) then
    perform refuse_field('key', 'An adjustment of another shop or amount has this key. Take a new key.');
  end if;
  return v_id;
end;
$$;
comment on function adjust_balance(bigint, numeric, text, bigint, text) is
  'Adds an amount to what is available to a shop, or takes it away, for a reason. At most 1,000,000.00 US dollars. Returns the ledger '
  'transaction. SWINV, also for a key of another shop or amount; SWNTF.';
