-- A null carrier or tracking_number stays as it is.
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
  update shipments s
  set carrier = coalesce(correct_tracking.carrier, s.carrier),
    tracking_number = coalesce(correct_tracking.tracking_number, s.tracking_number)
  where s.id = v_shipment.id
  returning s.* into v_shipment;
  update orders o
  set tracking = (
    select jsonb_build_object('carrier', s.carrier, 'tracking_number', s.tracking_number)
    from shipments s where s.order_id = o.id order by s.id desc limit 1
  )
  where o.id = v_order.id;
  perform move_order(
    v_order, v_order.status, user_id,
    jsonb_build_object(
      'carrier', v_shipment.carrier, 'tracking_number', v_shipment.tracking_number, 'shipment', shipment_json(v_shipment)
    ),
    'tracking'
  );
  return query select shipment_json(v_shipment);
end;
$$;
comment on function correct_tracking(bigint, bigint, text, text) is
  'Corrects carrier or tracking number of a shipment, for its seller. SWNTF, SWOWN.';
