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
  v_refund.requested_by := user_id;
  perform check_refundable(v_order);
  perform write_refund(v_order, v_refund, lines_to_refund(v_order, null, null), 'cancelled');
  return query select order_json(o) from orders o where o.id = v_order.id;
end;
$$;
comment on function cancel_order(bigint, bigint, text) is
  'Cancels a paid order before its first shipment, for its buyer or seller: restocks it and refunds the buyer. SWNTF, '
  'SWSTA, SWDSP.';
