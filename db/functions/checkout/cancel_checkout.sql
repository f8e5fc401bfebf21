-- The caller has locked the checkout. The lines come back with the rest of their hold, unless somebody holds the item by now, and stay
-- when it lapses. A line that the buyer has added again meanwhile keeps its quantity and its hold, and stays, too. A key whose payment was unavailable is free again, unless it was answered
-- (202): then it goes on answering that.
create or replace function cancel_checkout(checkout checkouts, outcome text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_frees_key boolean := outcome = 'unavailable' and not exists (
    select from idempotency_keys k
    where k.user_id = checkout.buyer_id and k.call = 'POST /v1/checkout' and k.key = checkout.idempotency_key
      and num_nonnulls(k.body, k.refusal) = 1
  );
begin
  update checkouts c
  set status = 'cancelled', idempotency_key = case when v_frees_key then null else c.idempotency_key end
  where c.id = checkout.id;
  update payments p set status = case outcome when 'declined' then 'declined' else 'failed' end where p.checkout_id = checkout.id;
  if v_frees_key then
    delete from idempotency_keys k
    where k.user_id = checkout.buyer_id and k.call = 'POST /v1/checkout' and k.key = checkout.idempotency_key;
  end if;
  perform restock_orders(array(
    select o.id from orders o
    where o.checkout_id = checkout.id and is_of_checkout(o.id, checkout.id)
    order by o.id
    for update
  ));
  with cancelled as (
    update orders o set status = 'cancelled'
    where o.checkout_id = checkout.id and is_of_checkout(o.id, checkout.id)
    returning o.id
  )
  insert into order_events (order_id, status, detail)
  select cancelled.id, 'cancelled', jsonb_build_object('reason', 'payment_' || outcome) from cancelled order by cancelled.id;

  insert into cart_items (
    user_id, product_id, quantity, price_when_added, shipping_base_when_added, shipping_extra_when_added, reserved_until, added_at,
    outlives_hold
  )
  select checkout.buyer_id, cl.product_id, oi.quantity, cl.price_when_added, cl.shipping_base_when_added, cl.shipping_extra_when_added,
    case when cl.reserved_until > clock_timestamp() and not exists (
      select from cart_items ci where ci.product_id = cl.product_id and ci.reserved_until is not null
    ) then cl.reserved_until end,
    cl.added_at, true
  from checkout_lines cl
  join orders o on o.checkout_id = cl.checkout_id and is_of_checkout(o.id, checkout.id)
  join order_items oi on oi.order_id = o.id and is_of_checkout(oi.order_id, checkout.id) and oi.product_id = cl.product_id
  where cl.checkout_id = checkout.id
  order by cl.product_id
  on conflict on constraint cart_items_user_id_product_id_key do update set outlives_hold = true;
  delete from checkout_lines cl where cl.checkout_id = checkout.id;
end;
$$;
comment on function cancel_checkout(checkouts, text) is
  'Undoes a pending, locked checkout whose payment failed: orders cancelled, stock and sales back, lines back in the cart.';
