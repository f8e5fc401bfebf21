-- The caller has locked the checkout. The lines return with their ids and the rest of their hold, unless another buyer holds the
-- item now, and they stay when the hold lapses. If the buyer has added the product again meanwhile, that line keeps its quantity
-- and its hold, and it stays too. A key whose payment was unavailable is free again, unless it has a response (202), which stays.
create or replace function cancel_checkout(checkout checkouts, outcome text) returns checkouts
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_frees_key boolean := outcome = 'unavailable' and not checkout.is_given_up and not exists (
    select from idempotency_keys k where is_key_of(k, checkout) and num_nonnulls(k.body, k.refusal) = 1
  );
  -- The buyer was told that the payment is pending, and did not give it up.
  v_is_news constant boolean := not checkout.is_given_up and exists (
    select from idempotency_keys k where is_key_of(k, checkout) and k.body is not null
  );
  v_outcome constant text := case when checkout.is_given_up then 'cancelled' else outcome end;
begin
  update checkouts c
  set status = 'cancelled', idempotency_key = case when v_frees_key then null else c.idempotency_key end
  where c.id = checkout.id
  returning c.* into checkout;
  if v_frees_key then
    delete from idempotency_keys k where is_key_of(k, checkout);
  end if;
  perform restock_orders(array(
    select o.id from orders o
    where o.checkout_id = checkout.id and is_in_month_of(o.id, checkout.id)
    order by o.id
    for update
  ));
  with cancelled as (
    update orders o set status = 'cancelled'
    where o.checkout_id = checkout.id and is_in_month_of(o.id, checkout.id)
    returning o.id
  )
  insert into order_events (order_id, status, detail)
  select cancelled.id, 'cancelled', jsonb_build_object('reason', 'payment_' || v_outcome) from cancelled order by cancelled.id;
  perform return_lines(checkout);
  if v_is_news then
    perform write_mail('payment_failed', checkout.buyer_id, checkout.id);
  end if;
  return checkout;
end;
$$;
comment on function cancel_checkout(checkouts, text) is
  'Cancels a pending, locked checkout with a failed payment: orders cancelled, stock and sales restored, lines back in the cart.';
