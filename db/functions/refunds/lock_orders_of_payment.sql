create or replace function lock_orders_of_payment(p payments) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform from orders o
  where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id)
  order by o.id
  for update;
end;
$$;
comment on function lock_orders_of_payment(payments) is 'Locks the orders of a payment by id, before a change of several of them.';
