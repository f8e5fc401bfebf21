-- The caller has locked the orders and makes sure that an order is undone once. Locks: like return_stock.
create or replace function restock_orders(order_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
-- Partition pruning by `= any(array)` needs a custom plan, which a function in language sql has only from PostgreSQL 18 on.
set plan_cache_mode = force_custom_plan
as $$
begin
  perform return_stock((
    select jsonb_agg(jsonb_build_object(
      'product_id', oi.product_id, 'variant_id', oi.variant_id, 'shop_id', o.shop_id, 'quantity', oi.quantity
    ))
    from orders o join order_items oi on oi.order_id = o.id
    where o.id = any (order_ids) and oi.order_id = any (order_ids)
  ));
end;
$$;
comment on function restock_orders(bigint[]) is
  'Returns all units of locked orders to stock and subtracts them from the sales of the shops.';
