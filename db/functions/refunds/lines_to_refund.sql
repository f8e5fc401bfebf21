-- items: [{line_id, quantity}], null for all units that are left. restock: whether units return to the stock; null: those that
-- are in no shipment. Returns null for no units.
create or replace function lines_to_refund(o orders, items jsonb, restock boolean) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_line record;
begin
  perform check_order_items(o, items);
  select u.* into v_line
  from order_line_units(o.id) u join jsonb_to_recordset(items) as i (line_id bigint, quantity integer) using (line_id)
  where i.quantity > u.refundable
  limit 1;
  if found then
    perform refuse_refund(o, format('Only %s units of line %s can still be refunded.', v_line.refundable, v_line.line_id));
  end if;
  return (
    select jsonb_agg(to_jsonb(l)) from (
      select u.line_id, u.product_id, o.shop_id, wanted.quantity, u.price,
        case
          when restock then least(wanted.quantity, u.restockable)
          when restock is null then least(wanted.quantity, u.unsent)
          else 0
        end as restocked
      from order_line_units(o.id) u
      left join jsonb_to_recordset(items) as i (line_id bigint, quantity integer) using (line_id)
      cross join lateral (select case when items is null then u.refundable else i.quantity end as quantity) wanted
      where wanted.quantity > 0
    ) l
  );
end;
$$;
comment on function lines_to_refund(orders, jsonb, boolean) is
  'Returns the units of a refund with their price, and how many of them return to the stock. SWINV, SWRFX.';
