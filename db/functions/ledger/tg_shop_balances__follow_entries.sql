create or replace function tg_shop_balances__follow_entries() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWAPP', message = 'Balances follow the entries of the ledger. Book an adjustment (adjust_balance).';
end;
$$;
comment on function tg_shop_balances__follow_entries() is 'Refuses to write a balance except by ledger entries (SWAPP).';

create or replace trigger shop_balances__follow_entries before insert or update or delete on shop_balances
  for each statement when (pg_trigger_depth() = 0) execute function tg_shop_balances__follow_entries();
create or replace trigger shop_balances__refuse_truncate before truncate on shop_balances
  for each statement execute function tg_shop_balances__follow_entries();
