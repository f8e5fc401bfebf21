create or replace function ship_order(order_id bigint, user_id bigint, carrier text, tracking_number text)
returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select move_order(
    lock_order(ship_order.order_id, ship_order.user_id, 'seller'), 'shipped', ship_order.user_id,
    jsonb_build_object('carrier', ship_order.carrier, 'tracking_number', ship_order.tracking_number)
  )
$$;
comment on function ship_order(bigint, bigint, text, text) is
  'Marks a paid order as shipped, with its tracking, for its seller. SWNTF, SWOWN, SWSTA.';
