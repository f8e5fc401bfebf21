-- items: [{line_id, quantity}], or null for all that is left to ship.
create or replace function ship_lines(order_id bigint, user_id bigint, carrier text, tracking_number text, items jsonb)
returns table (body json, order_status text, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders := lock_order(order_id, user_id, 'seller');
  v_lines jsonb;
  v_shipment shipments;
  v_status text;
begin
  -- A refund that fails can leave units of a shipped order to ship.
  if v_order.status not in ('shipped', 'delivered')
    or not exists (select from order_line_units(v_order.id) u where u.unshipped > 0)
  then
    perform check_move(v_order, 'shipped');
  end if;
  v_lines := lines_to_ship(v_order, items);
  insert into shipments (order_id, carrier, tracking_number)
  values (v_order.id, ship_lines.carrier, ship_lines.tracking_number)
  returning shipments.* into v_shipment;
  insert into shipment_items (shipment_id, order_id, line_id, quantity)
  select v_shipment.id, v_order.id, l.line_id, l.quantity
  from jsonb_to_recordset(v_lines) as l (line_id bigint, quantity integer);
  v_status := status_by_shipments(v_order);
  perform note_shipment(v_order, v_shipment, v_status, user_id, 'shipment');
  return query
    select shipment_json(v_shipment), v_status, case when v_status <> v_order.status then array[v_order.total::text] end;
end;
$$;
comment on function ship_lines(bigint, bigint, text, text, jsonb) is
  'Ships some lines of a paid order, or all that is left, for its seller. The last shipment makes the order shipped. '
  'SWNTF, SWOWN, SWSTA, SWINV.';
