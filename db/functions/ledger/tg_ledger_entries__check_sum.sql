create or replace function tg_ledger_entries__check_sum() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if (select sum(e.amount) from ledger_entries e where e.transaction_id = new.transaction_id) <> 0
    or not exists (select from ledger_transactions t where t.id = new.transaction_id and t.created_at = new.created_at)
  then
    raise exception using errcode = 'SWSUM',
      message = format('The entries of ledger transaction %s do not add up to 0, or it is not theirs.', new.transaction_id);
  end if;
  return null;
end;
$$;
comment on function tg_ledger_entries__check_sum() is
  'Refuses, at commit, entries that do not add up to 0 for their transaction, or that have none of the same moment (SWSUM).';

create constraint trigger ledger_entries__check_sum after insert on ledger_entries
  deferrable initially deferred for each row execute function tg_ledger_entries__check_sum();
