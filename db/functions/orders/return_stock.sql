-- Undoes a sale of units. units: [{product_id, shop_id, variant_id, quantity}], or null for none. Units return to the stock that
-- the listing has now: its own, or that of the variant (products.stock_by). If it has stock by variant since the sale, and the
-- units name no variant, they return to none: the seller has counted them with the variants. The trigger of variants sets the sum
-- of the product.
-- Locks: the products by id, then the variants by id, then the shops by id.
create or replace function return_stock(units jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_names_variants constant boolean := units @? '$[*] ? (@.variant_id != null)';
begin
  if units is null then
    return;
  end if;
  perform from products p
  where p.id in (select u.product_id from jsonb_to_recordset(units) as u (product_id bigint))
  order by p.id
  for no key update;
  if v_names_variants then
    perform from variants v
    where v.id in (select u.variant_id from jsonb_to_recordset(units) as u (variant_id bigint))
    order by v.id
    for no key update;
  end if;
  perform from shops s
  where s.id in (select u.shop_id from jsonb_to_recordset(units) as u (shop_id bigint))
  order by s.id
  for no key update;
  update products p set quantity = p.quantity + returned.quantity
  from (
    select u.product_id, sum(u.quantity) as quantity
    from jsonb_to_recordset(units) as u (product_id bigint, quantity integer) group by u.product_id
  ) returned
  where p.id = returned.product_id and p.stock_by = 'product';
  if v_names_variants then
    update variants v set quantity = v.quantity + returned.quantity
    from (
      select u.variant_id, sum(u.quantity) as quantity
      from jsonb_to_recordset(units) as u (variant_id bigint, quantity integer) group by u.variant_id
    ) returned
    where v.id = returned.variant_id and v.quantity is not null
      and exists (select from products p where p.id = v.product_id and p.stock_by = 'variant');
  end if;
  update shops s set sales_count = greatest(s.sales_count - returned.quantity, 0)
  from (
    select u.shop_id, sum(u.quantity) as quantity
    from jsonb_to_recordset(units) as u (shop_id bigint, quantity integer) group by u.shop_id
  ) returned
  where s.id = returned.shop_id;
end;
$$;
comment on function return_stock(jsonb) is
  'Returns units to the stock of their products or variants and subtracts them from the sales of their shops.';
