create or replace function shipment_json(s shipments) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(j) from (
      select
        s.id, s.order_id, s.carrier, s.tracking_number,
        (
          select json_agg(i) from (
            select si.line_id, si.quantity from shipment_items si where si.shipment_id = s.id order by si.line_id
          ) i
        ) as items,
        to_rfc3339(s.created_at) as created_at,
        to_rfc3339(s.updated_at) as updated_at
    ) j
  );
end;
$$;
comment on function shipment_json(shipments) is 'Renders a shipment with its tracking and its units.';
