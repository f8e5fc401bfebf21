-- Undoes a sale. The caller has locked the orders and makes sure that an order is undone once.
-- Locks: the products by id, then the shops by id.
create or replace function restock_orders(order_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
-- Partition pruning by `= any(array)` needs a custom plan.
set plan_cache_mode = force_custom_plan
as $$
begin
  perform from products p
  where p.id in (select oi.product_id from order_items oi where oi.order_id = any (order_ids))
  order by p.id
  for no key update;
  perform from shops s
  where s.id in (select o.shop_id from orders o where o.id = any (order_ids))
  order by s.id
  for no key update;
  update products p set quantity = p.quantity + units.count
  from (
    select oi.product_id, sum(oi.quantity) as count
    from order_items oi where oi.order_id = any (order_ids) group by oi.product_id
  ) units
  where p.id = units.product_id;
  update shops s set sales_count = greatest(s.sales_count - units.count, 0)
  from (
    select o.shop_id, sum(oi.quantity) as count
    from orders o join order_items oi on oi.order_id = o.id
    where o.id = any (order_ids) group by o.shop_id
  ) units
  where s.id = units.shop_id;
end;
$$;
comment on function restock_orders(bigint[]) is
  'Returns the units of locked orders to stock and subtracts them from the sales of the shops.';
