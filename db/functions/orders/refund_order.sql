create or replace function refund_order(order_id bigint, user_id bigint, traceparent text default null) returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select carry_trace(refund_order.traceparent);
  select move_order(lock_order(refund_order.order_id, refund_order.user_id, 'seller'), 'refunded', refund_order.user_id)
$$;
comment on function refund_order(bigint, bigint, text) is
  'Refunds and restocks a paid, shipped or delivered order, for its seller. SWNTF, SWOWN, SWSTA.';
