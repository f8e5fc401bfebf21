-- items: [{line_id, quantity}], or null for all that is left to send.
create or replace function lines_to_ship(o orders, items jsonb) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_line record;
  v_lines jsonb;
begin
  perform check_order_items(o, items);
  select u.* into v_line
  from order_line_units(o.id) u join jsonb_to_recordset(items) as i (line_id bigint, quantity integer) using (line_id)
  where i.quantity > u.unsent
  limit 1;
  if found then
    raise exception using errcode = 'SWSTA',
      message = format('Only %s units of line %s are left to send.', v_line.unsent, v_line.line_id),
      detail = json_build_object('order_status', o.status);
  end if;
  v_lines := coalesce(items, (
    select jsonb_agg(jsonb_build_object('line_id', u.line_id, 'quantity', u.unsent))
    from order_line_units(o.id) u where u.unsent > 0
  ));
  if v_lines is null then
    raise exception using errcode = 'SWSTA', message = 'Nothing of this order is left to send.',
      detail = json_build_object('order_status', o.status);
  end if;
  return v_lines;
end;
$$;
comment on function lines_to_ship(orders, jsonb) is 'Returns the units of a parcel. SWINV, SWSTA (more than is left to send).';
