-- Raises SWNTF, SWOWN (of the shop), SWINV (unknown category, invalid when_made). Locks: the owner, if quota_scale is given.
create or replace function list_product(
  shop_id bigint, user_id bigint, product jsonb, quota_scale numeric default null, requires_verified boolean default false
)
returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
begin
  perform check_shop_owner(list_product.shop_id, list_product.user_id);
  perform check_verified(list_product.user_id, requires_verified);
  perform check_product(null, list_product.shop_id, product);
  perform check_age((product ->> 'is_vintage')::boolean, product ->> 'when_made');
  perform check_quota(list_product.user_id, 'listings', quota_scale);
  insert into products as p (
    shop_id, sku, title, description, price, quantity, category_id, tags, images, is_vintage, who_made, when_made
  )
  values (
    list_product.shop_id, product ->> 'sku', product ->> 'title', coalesce(product ->> 'description', ''),
    (product ->> 'price')::numeric, coalesce((product ->> 'quantity')::integer, 1), (product ->> 'category_id')::bigint,
    array(select jsonb_array_elements_text(product -> 'tags')), array(select jsonb_array_elements_text(product -> 'images')),
    coalesce((product ->> 'is_vintage')::boolean, false), product ->> 'who_made', product ->> 'when_made'
  )
  returning p.* into v_product;
  return query select v_product.id, product_json(v_product, s) from shops s where s.id = v_product.shop_id;
end;
$$;
comment on function list_product(bigint, bigint, jsonb, numeric, boolean) is
  'Lists a product in a shop for its owner, within the quota if quota_scale is given. SWNTF, SWOWN, SWINV, SWSKU, SWQTA, SWVFY.';
