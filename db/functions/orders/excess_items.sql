-- done: refunded or shipped, which names the units that are left.
create or replace function excess_items(o orders, items jsonb, done text) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  perform check_order_items(o, items);
  return (
    select json_agg(json_build_object(
      'pointer', format('#/items/%s', i.place - 1), 'line_id', i.line_id,
      'detail', format('At most %s of line %s can still be %s.', units.left, i.line_id, done)
    ) order by i.place)
    from order_line_units(o.id) u
    cross join lateral (select case done when 'refunded' then u.refundable else u.unshipped end as left) units
    join rows from (jsonb_to_recordset(items) as (line_id bigint, quantity integer)) with ordinality
      as i (line_id, quantity, place) using (line_id)
    where i.quantity > units.left
  );
end;
$$;
comment on function excess_items(orders, jsonb, text) is
  'Returns the `errors` of items with more units than are left of their lines, or null. SWINV: wrong items.';
