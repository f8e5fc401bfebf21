-- Moves money between two accounts. source_id: the id with a month, for ledger_id. shop_id: whose the accounts of sellers are.
create or replace function book_balance(
  kind text, source text, source_id bigint, shop_id bigint, debited text, credited text, amount numeric,
  actor_id bigint default null, note text default null
) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_id constant bigint := ledger_id(source_id);
begin
  insert into ledger_transactions (id, kind, source, actor_id, note)
  values (v_id, book_balance.kind, book_balance.source, book_balance.actor_id, book_balance.note);
  insert into ledger_entries (transaction_id, line_no, account, shop_id, amount)
  select v_id, l.line_no, l.account, case when l.account ^@ 'seller_' then book_balance.shop_id end, l.amount
  from (values (1, debited, -amount), (2, credited, amount)) l (line_no, account, amount);
  return v_id;
end;
$$;
comment on function book_balance(text, text, bigint, bigint, text, text, numeric, bigint, text) is
  'Books an amount from one account of the ledger to another. Returns the transaction.';
