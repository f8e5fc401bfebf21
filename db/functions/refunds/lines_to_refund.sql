-- items: [{line_id, quantity}], null for all units that are left. restock: whether units return to the stock; null: those that
-- are in no shipment. Returns null for no units.
create or replace function lines_to_refund(o orders, items jsonb, restock boolean) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_errors json;
begin
  perform check_order_items(o, items);
  select json_agg(json_build_object(
    'pointer', format('#/items/%s', i.place - 1), 'line_id', i.line_id,
    'detail', format('At most %s of line %s can still be refunded.', u.refundable, i.line_id)
  ) order by i.place)
  into v_errors
  from order_line_units(o.id) u
  join rows from (jsonb_to_recordset(items) as (line_id bigint, quantity integer)) with ordinality
    as i (line_id, quantity, place) using (line_id)
  where i.quantity > u.refundable;
  if v_errors is not null then
    perform refuse_refund(o, v_errors -> 0 ->> 'detail', v_errors);
  end if;
  return (
    select jsonb_agg(to_jsonb(l)) from (
      select u.line_id, u.product_id, o.shop_id, wanted.quantity, u.price,
        least(wanted.quantity, u.back_in_stock) as taken_over,
        case
          when restock then least(fresh.quantity, u.restockable)
          when restock is null then least(fresh.quantity, u.unshipped)
          else 0
        end as restocked
      from order_line_units(o.id) u
      left join jsonb_to_recordset(items) as i (line_id bigint, quantity integer) using (line_id)
      cross join lateral (select case when items is null then u.refundable else i.quantity end as quantity) wanted
      cross join lateral (select greatest(wanted.quantity - u.back_in_stock, 0) as quantity) fresh
      where wanted.quantity > 0
    ) l
  );
end;
$$;
comment on function lines_to_refund(orders, jsonb, boolean) is
  'Returns the units of a refund with their price, and how many of them return to the stock. SWINV, SWRFX.';
