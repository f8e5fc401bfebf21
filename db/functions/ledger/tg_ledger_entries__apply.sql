-- The balances cannot differ from the entries, because nothing else writes them. Locks: balances by shop.
create or replace function tg_ledger_entries__apply() returns trigger
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_change record;
begin
  for v_change in
    select i.shop_id,
      coalesce(sum(i.amount) filter (where i.account = 'seller_pending'), 0) as pending,
      coalesce(sum(i.amount) filter (where i.account = 'seller_available'), 0) as available,
      coalesce(sum(i.amount) filter (where i.account = 'seller_in_transit'), 0) as in_transit
    from inserted i
    where i.shop_id is not null
    group by i.shop_id
    order by i.shop_id
  loop
    for v_try in 1..2 loop
      update shop_balances b
      set pending = b.pending + v_change.pending, available = b.available + v_change.available,
        in_transit = b.in_transit + v_change.in_transit, updated_at = now()
      where b.shop_id = v_change.shop_id;
      exit when found;
      insert into shop_balances (shop_id) values (v_change.shop_id) on conflict do nothing;
    end loop;
  end loop;
  return null;
end;
$$;
comment on function tg_ledger_entries__apply() is 'Adds new ledger entries to the balances of their shops.';

create or replace trigger ledger_entries__apply after insert on ledger_entries referencing new table as inserted
  for each statement execute function tg_ledger_entries__apply();
