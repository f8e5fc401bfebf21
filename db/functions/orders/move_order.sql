-- The state machine of orders. The caller has locked the order.
--
--   pending -> paid | cancelled          only by the payment (settle_checkout)
--   paid -> shipped | cancelled | refunded
--   shipped -> delivered | refunded
--   delivered -> refunded
--
-- Every other move raises SWSTA.
create or replace function move_order(o orders, new_status text, actor_id bigint, detail jsonb default '{}')
returns json
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_is_undone constant boolean := new_status in ('cancelled', 'refunded');
  v_order orders;
begin
  if not (
    o.status = 'paid' and new_status in ('shipped', 'cancelled', 'refunded')
    or o.status = 'shipped' and new_status in ('delivered', 'refunded')
    or o.status = 'delivered' and new_status = 'refunded'
  ) then
    raise exception using errcode = 'SWSTA', message = format('The order is %s. It cannot become %s.', o.status, new_status),
      detail = json_build_object('order_status', o.status);
  end if;
  update orders set
    status = new_status,
    tracking = case new_status when 'shipped' then move_order.detail else orders.tracking end,
    refunded = case when v_is_undone then orders.total else orders.refunded end
  where orders.id = o.id
  returning orders.* into v_order;
  insert into order_events (order_id, status, actor_id, detail)
  values (
    o.id, new_status, move_order.actor_id,
    move_order.detail || case when v_is_undone then jsonb_build_object('refunded', v_order.refunded::text) else '{}' end
  );
  if v_is_undone then
    perform restock_orders(array[o.id]);
    perform owe_refund(v_order, v_order.refunded - o.refunded);
  end if;
  return order_json(v_order);
end;
$$;
comment on function move_order(orders, text, bigint, jsonb) is
  'Moves a locked order to another status and writes its event. A cancelled or refunded order is restocked and refunded. SWSTA.';
