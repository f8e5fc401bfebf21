-- items: [{line_id, quantity}], null for all units that are left. restock: whether units return to the stock; null: those that
-- are in no shipment. Returns null for no units.
create or replace function lines_to_refund(o orders, items jsonb, restock boolean) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_errors json;
begin
  v_errors := excess_items(o, items, 'refunded');
  if v_errors is not null then
    perform refuse_refund(o, v_errors -> 0 ->> 'detail', v_errors);
  end if;
  return (
    select jsonb_agg(to_jsonb(l)) from (
      select u.line_id, u.product_id, u.variant_id, o.shop_id, wanted.quantity, u.price,
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
