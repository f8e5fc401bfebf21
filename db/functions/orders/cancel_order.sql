create or replace function cancel_order(order_id bigint, user_id bigint, traceparent text default null) returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select carry_trace(cancel_order.traceparent);
  select move_order(lock_order(cancel_order.order_id, cancel_order.user_id, 'either'), 'cancelled', cancel_order.user_id)
$$;
comment on function cancel_order(bigint, bigint, text) is
  'Cancels a paid order before its shipment, for its buyer or seller: restocks it and refunds the buyer. SWNTF, SWSTA.';
