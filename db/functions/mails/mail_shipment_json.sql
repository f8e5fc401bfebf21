create or replace function mail_shipment_json(s shipments) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select json_build_object(
      'carrier', s.carrier,
      'tracking_number', s.tracking_number,
      'items', json_agg(json_build_object(
        'title', oi.title, 'option_values', oi.option_values, 'sku', null, 'personalization', null, 'quantity', si.quantity
      ) order by oi.id)
        filter (where si.quantity is not null),
      'is_whole_order', sum(si.quantity) = sum(oi.quantity)
    )
    from order_items oi
    left join shipment_items si on si.shipment_id = s.id and si.line_id = oi.id
    where oi.order_id = s.order_id
  );
end;
$$;
comment on function mail_shipment_json(shipments) is
  'Returns a shipment for the mails about it. is_whole_order: it has all units of its order.';
