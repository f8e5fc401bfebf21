-- A version without the ledger, which ran after a rollback, booked nothing of its sales and refunds.
create or replace function is_booked(o orders) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_had jsonb;
begin
  select jsonb_object_agg(h.account, h.amount) into v_had
  from (
    select e.account, sum(e.amount) as amount
    from ledger_entries e
    where e.order_id = o.id and is_in_month_of(e.transaction_id, o.id)
    group by e.account
  ) h;
  return v_had is not null and not exists (
    select from order_shares(o, coalesce((v_had ->> 'seller_available')::numeric, 0)) s
    where s.amount <> coalesce((v_had ->> s.account)::numeric, 0)
  );
end;
$$;
comment on function is_booked(orders) is 'Whether an order has entries in the ledger, and they are what order_shares says.';
