-- Restoring what is not archived changes nothing. Locks: the product. Raises SWNTF, SWOWN.
create or replace function restore_product(product_id bigint, user_id bigint) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
begin
  select p.* into v_product from products p where p.id = restore_product.product_id for no key update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such product.';
  end if;
  perform check_shop_owner(v_product.shop_id, restore_product.user_id);
  update products p set archived_at = null where p.id = v_product.id and p.archived_at is not null;
  return query
    select product_json(p, s) from products p join shops s on s.id = p.shop_id where p.id = v_product.id;
end;
$$;
comment on function restore_product(bigint, bigint) is 'Puts an archived listing back on the shelf, by its shop''s owner. SWNTF, SWOWN.';
