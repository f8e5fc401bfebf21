create or replace function is_in_ledger(p payments) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from ledger_entries e
    where is_in_month_of(e.transaction_id, p.checkout_id) and e.order_id = any (array(
      select o.id from orders o where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id)
    ))
  );
end;
$$;
comment on function is_in_ledger(payments) is 'Returns whether the sale of a payment is booked: it is newer than the ledger.';
