-- Undoes a sale of units. units: [{product_id, shop_id, quantity}], or null for none.
-- Locks: the products by id, then the shops by id.
create or replace function return_stock(units jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if units is null then
    return;
  end if;
  perform from products p
  where p.id in (select u.product_id from jsonb_to_recordset(units) as u (product_id bigint))
  order by p.id
  for no key update;
  perform from shops s
  where s.id in (select u.shop_id from jsonb_to_recordset(units) as u (shop_id bigint))
  order by s.id
  for no key update;
  update products p set quantity = p.quantity + returned.quantity
  from (
    select u.product_id, sum(u.quantity) as quantity
    from jsonb_to_recordset(units) as u (product_id bigint, quantity integer) group by u.product_id
  ) returned
  where p.id = returned.product_id;
  update shops s set sales_count = greatest(s.sales_count - returned.quantity, 0)
  from (
    select u.shop_id, sum(u.quantity) as quantity
    from jsonb_to_recordset(units) as u (shop_id bigint, quantity integer) group by u.shop_id
  ) returned
  where s.id = returned.shop_id;
end;
$$;
comment on function return_stock(jsonb) is
  'Returns units to the stock of their products and subtracts them from the sales of their shops.';
