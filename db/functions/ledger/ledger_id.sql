-- Transactions of one source have ids of one month. So the unique index of that partition sees all of them.
create or replace function ledger_id(source_id bigint) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return source_id / 1000000000 * 1000000000 + nextval('ledger_transactions_id_seq');
end;
$$;
comment on function ledger_id(bigint) is
  'Returns a new id for a ledger transaction, with the month of its order, checkout or payout.';
