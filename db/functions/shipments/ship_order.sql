create or replace function ship_order(order_id bigint, user_id bigint, carrier text, tracking_number text)
returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform ship_lines(order_id, user_id, carrier, tracking_number, null);
  return query select order_json(o) from orders o where o.id = ship_order.order_id;
end;
$$;
comment on function ship_order(bigint, bigint, text, text) is
  'Ships all that is left of a paid order in one shipment, for its seller. SWNTF, SWOWN, SWSTA.';
