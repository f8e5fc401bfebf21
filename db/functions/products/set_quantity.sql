-- Compare and set, for scripts that keep a stock elsewhere: it counts only if nothing of the listing has changed since the
-- version was read, be it by a sale. `versions` are those that will do; null takes any.
-- Locks: the product; the version is read after it. Raises SWNTF, SWOWN, SWVER (changed since).
create or replace function set_quantity(product_id bigint, user_id bigint, quantity integer, versions text[])
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_product(product_id);
  v_version text;
begin
  perform check_shop_owner(v_product.shop_id, set_quantity.user_id);
  select row_version(p.xmin, p.updated_at) into v_version from products p where p.id = v_product.id;
  if v_version <> all (versions) then
    raise exception using errcode = 'SWVER', message = 'The listing has changed since you read it.',
      detail = json_build_object('quantity', v_product.quantity);
  end if;
  return query
    update products p set quantity = set_quantity.quantity
    where p.id = v_product.id
    returning quantity_json(p), row_version(p.xmin, p.updated_at);
end;
$$;
comment on function set_quantity(bigint, bigint, integer, text[]) is
  'Sets the stock of a listing that is as it was read, by its shop''s owner. SWNTF, SWOWN, SWVER.';
