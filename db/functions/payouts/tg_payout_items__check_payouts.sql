-- At the end of each statement instead of at commit: a deferred trigger runs for each row, and would add up a payout of a thousand
-- transfers a thousand times.
create or replace function tg_payout_items__check_payouts() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_id bigint;
begin
  -- Payout by payout: a join of the three tables reads all of their rows each time.
  select p.id into v_id
  from (select distinct i.payout_id from written i) w
  join payouts p on p.id = w.payout_id
  cross join lateral (
    select sum(t.amount) as amount from payout_items i join transfers t on t.id = i.transfer_id where i.payout_id = w.payout_id
  ) had
  where had.amount <> p.amount
  limit 1;
  if found then
    raise exception using errcode = 'SWSUM', message = format('The transfers of payout %s do not add up to its amount.', v_id);
  end if;
  return null;
end;
$$;
comment on function tg_payout_items__check_payouts() is
  'Refuses items with which the transfers of a payout do not add up to its amount (SWSUM).';

create or replace trigger payout_items__check_payouts after insert on payout_items
  referencing new table as written for each statement execute function tg_payout_items__check_payouts();
create or replace trigger payout_items__refuse_change before update or delete or truncate on payout_items
  for each statement execute function tg__refuse_change();
