-- What a seller makes for its buyer can be unsellable to others. So the buyer cancels such an order only when it is late.
create or replace function cancel_order(order_id bigint, user_id bigint, traceparent text default null) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders := lock_order(order_id, user_id, 'either');
  v_refund refunds := refund_of_rest(v_order);
begin
  perform carry_trace(traceparent);
  perform check_move(v_order, 'cancelled');
  if exists (select from shipments s where s.order_id = v_order.id) then
    raise exception using errcode = 'SWSTA', message = 'A shipment of this order has left. It cannot become cancelled.',
      detail = json_build_object('order_status', v_order.status);
  end if;
  if v_order.is_made_to_order and v_order.ship_by >= (now() at time zone 'UTC')::date
    and 'seller' <> all (order_sides(v_order, user_id))
  then
    raise exception using errcode = 'SWSTA',
      message = format(
        'The order is made to order. You can cancel it from %s on, if the shop has not shipped it by then.', v_order.ship_by + 1
      ),
      detail = json_build_object('order_status', v_order.status, 'cancellable_from', v_order.ship_by + 1);
  end if;
  v_refund.requested_by := user_id;
  perform check_refundable(v_order);
  perform write_refund(v_order, v_refund, lines_to_refund(v_order, null, null), 'cancelled');
  return query select order_json(o) from orders o where o.id = v_order.id;
end;
$$;
comment on function cancel_order(bigint, bigint, text) is
  'Cancels a paid order before its first shipment, for its seller, or its buyer if it is not made to order or is late: restocks it '
  'and refunds the buyer. SWNTF, '
  'SWSTA, SWDSP.';
