-- Waits first for the checkout, because a settlement locks the orders of a pending one in no order.
create or replace function lock_orders_of_payment(p payments) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform from checkouts c where c.id = p.checkout_id for no key update;
  perform from orders o
  where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id)
  order by o.id
  for update;
end;
$$;
comment on function lock_orders_of_payment(payments) is
  'Locks the checkout of a payment, then its orders by id, before a change of several of them.';
