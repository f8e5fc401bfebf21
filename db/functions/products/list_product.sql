-- A draft is a listing that is off sale: archived_at is set.
-- Raises SWNTF, SWOWN (of the shop), SWINV (unknown category, invalid when_made, variants that do not fit the options).
-- Locks: the owner, if quota_scale is given; its shipping profile; the skus of the shop last, if an sku is written.
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
  if product ?| array['options', 'variants', 'stock_by'] then
    perform check_variants(list_product.shop_id, product);
  end if;
  perform check_age((product ->> 'is_vintage')::boolean, product ->> 'when_made');
  perform check_processing_profile(
    (product ->> 'processing_profile_id')::bigint, list_product.shop_id, (product ->> 'is_vintage')::boolean
  );
  perform check_quota(list_product.user_id, 'listings', quota_scale);
  perform lock_section(list_product.shop_id, product);
  perform keep_profile(list_product.shop_id, (product ->> 'shipping_profile_id')::bigint);
  insert into products as p (
    shop_id, sku, title, description, price, quantity, category_id, tags, images, is_vintage, who_made, when_made, is_draft,
    archived_at, section_id, personalization, materials, processing_profile_id,
    shipping_profile_id
  )
  values (
    list_product.shop_id, product ->> 'sku', product ->> 'title', coalesce(product ->> 'description', ''),
    (product ->> 'price')::numeric, coalesce((product ->> 'quantity')::integer, 1), (product ->> 'category_id')::bigint,
    array(select jsonb_array_elements_text(product -> 'tags')), array(select jsonb_array_elements_text(product -> 'images')),
    coalesce((product ->> 'is_vintage')::boolean, false), product ->> 'who_made', product ->> 'when_made',
    coalesce((product ->> 'is_draft')::boolean, false), case when (product ->> 'is_draft')::boolean then now() end,
    (product ->> 'section_id')::bigint, nullif(product -> 'personalization', 'null'),
    array(select jsonb_array_elements_text(product -> 'materials')), (product ->> 'processing_profile_id')::bigint,
    (product ->> 'shipping_profile_id')::bigint
  )
  returning p.* into v_product;
  if jsonb_array_length(nullif(product -> 'options', 'null')) > 0 then
    perform write_options(v_product.id, product -> 'options');
    perform write_variants(v_product.id, v_product.shop_id, coalesce(nullif(product -> 'variants', 'null'), '[]'));
    select p.* into v_product from products p where p.id = v_product.id;
  end if;
  return query select v_product.id, product_json(v_product, s) from shops s where s.id = v_product.shop_id;
end;
$$;
comment on function list_product(bigint, bigint, jsonb, numeric, boolean) is
  'Lists a product in a shop for its owner, or makes a draft of one, within the quota if quota_scale is given. SWNTF, SWOWN, SWINV, SWSKU, SWQTA, SWVFY.';
