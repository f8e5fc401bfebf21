-- A null carrier or tracking_number stays as it is. A call that changes nothing writes no event and no mail.
create or replace function correct_tracking(shipment_id bigint, user_id bigint, carrier text, tracking_number text)
returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders;
  v_shipment shipments;
begin
  select s.* into v_shipment from shipments s where s.id = correct_tracking.shipment_id;
  if not found or order_sides((select o from orders o where o.id = v_shipment.order_id), user_id) = '{}' then
    raise exception using errcode = 'SWNTF', message = 'There is no such shipment.';
  end if;
  v_order := lock_order(v_shipment.order_id, user_id, 'seller');
  select s.* into v_shipment from shipments s where s.id = v_shipment.id;
  if (coalesce(correct_tracking.carrier, v_shipment.carrier), coalesce(correct_tracking.tracking_number, v_shipment.tracking_number))
    = (v_shipment.carrier, v_shipment.tracking_number)
  then
    return query select shipment_json(v_shipment);
    return;
  end if;
  update shipments s
  set carrier = coalesce(correct_tracking.carrier, s.carrier),
    tracking_number = coalesce(correct_tracking.tracking_number, s.tracking_number)
  where s.id = v_shipment.id
  returning s.* into v_shipment;
  perform note_shipment(v_order, v_shipment, v_order.status, user_id, 'tracking');
  return query select shipment_json(v_shipment);
end;
$$;
comment on function correct_tracking(bigint, bigint, text, text) is
  'Corrects carrier or tracking number of a shipment, for its seller. SWNTF, SWOWN.';
