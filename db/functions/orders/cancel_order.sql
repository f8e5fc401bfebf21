-- Raises SWNTF, SWOWN, SWSTA.
create or replace function cancel_order(order_id bigint, user_id bigint, traceparent text default null) returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select carry_trace(cancel_order.traceparent);
  select move_order(lock_order(cancel_order.order_id, cancel_order.user_id, 'either'), 'cancelled', cancel_order.user_id)
$$;
comment on function cancel_order(bigint, bigint, text) is 'Buyer or seller cancels a paid order that is not shipped: stock and money return. SWNTF, SWSTA.';
