create or replace function tg_payouts__check_items() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if new.amount <> coalesce((
    select sum(t.amount) from payout_items i join transfers t on t.id = i.transfer_id where i.payout_id = new.id
  ), 0) then
    raise exception using errcode = 'SWSUM', message = format('The transfers of payout %s do not add up to its amount.', new.id);
  end if;
  return null;
end;
$$;
comment on function tg_payouts__check_items() is 'Refuses, at commit, a payout whose transfers do not add up to its amount (SWSUM).';

create constraint trigger payouts__check_items after insert on payouts
  deferrable initially deferred for each row execute function tg_payouts__check_items();
create or replace trigger payouts__touch_updated_at before update on payouts
  for each row execute function tg__touch_updated_at();
create or replace trigger transfers__touch_updated_at before update on transfers
  for each row execute function tg__touch_updated_at();
create or replace trigger payout_accounts__touch_updated_at before update on payout_accounts
  for each row execute function tg__touch_updated_at();
