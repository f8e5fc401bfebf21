create or replace function deliver_order(order_id bigint, user_id bigint) returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select move_order(lock_order(deliver_order.order_id, deliver_order.user_id, 'seller'), 'delivered', deliver_order.user_id)
$$;
comment on function deliver_order(bigint, bigint) is 'Marks a shipped order as delivered, for its seller. SWNTF, SWOWN, SWSTA.';
