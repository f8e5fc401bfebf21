-- The balances cannot differ from the entries, because nothing else writes them. Each statement must leave its transactions at 0, so
-- they are at 0 at commit, too. A check of each row at commit cost 18 reads of indexes for a sale of three shops.
-- Locks: balances by shop.
create or replace function tg_ledger_entries__apply() returns trigger
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_wrong_id bigint;
  v_change record;
begin
  select i.transaction_id into v_wrong_id
  from inserted i
  group by i.transaction_id
  having sum(i.amount) <> 0 or bool_or(i.created_at <> now()) or not exists (
    -- A moment is one transaction of the database.
    select from ledger_transactions t where t.id = i.transaction_id and t.created_at = now()
  )
  limit 1;
  if found then
    raise exception using errcode = 'SWSUM',
      message = format('The entries of ledger transaction %s do not add up to 0, or it was booked earlier.', v_wrong_id);
  end if;
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
comment on function tg_ledger_entries__apply() is
  'Adds new ledger entries to the balances of their shops. Refuses those that do not add up to 0 for their transaction, or that have '
  'none of the same moment (SWSUM).';

create or replace trigger ledger_entries__apply after insert on ledger_entries referencing new table as inserted
  for each statement execute function tg_ledger_entries__apply();
