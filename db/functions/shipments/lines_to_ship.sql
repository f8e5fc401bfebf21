-- items: [{line_id, quantity}], or null for all that is left to ship.
create or replace function lines_to_ship(o orders, items jsonb) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_errors json;
  v_lines jsonb;
begin
  v_errors := excess_items(o, items, 'shipped');
  if v_errors is not null then
    raise exception using errcode = 'SWSTA', message = v_errors -> 0 ->> 'detail',
      detail = json_build_object('order_status', o.status, 'errors', v_errors);
  end if;
  v_lines := coalesce(items, (
    select jsonb_agg(jsonb_build_object('line_id', u.line_id, 'quantity', u.unshipped))
    from order_line_units(o.id) u where u.unshipped > 0
  ));
  if v_lines is null then
    raise exception using errcode = 'SWSTA', message = 'Nothing of this order is left to ship.',
      detail = json_build_object('order_status', o.status);
  end if;
  return v_lines;
end;
$$;
comment on function lines_to_ship(orders, jsonb) is
  'Returns the units of a shipment. SWINV, SWSTA (more than is left to ship, with each line in `errors`).';
