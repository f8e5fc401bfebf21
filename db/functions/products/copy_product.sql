-- Everything but skus, which are unique in a shop, and the variants that were removed. Reads the original's options and variants
-- under its lock, so that the copy is one state of it. A section that is being removed is left out.
-- Locks: the owner, if quota_scale is given, then the original.
create or replace function copy_product(
  product_id bigint, user_id bigint, quota_scale numeric default null, requires_verified boolean default false
)
returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_original products;
  v_id bigint;
begin
  perform check_shop_owner(p.shop_id, copy_product.user_id) from products p where p.id = copy_product.product_id;
  perform check_verified(copy_product.user_id, requires_verified);
  perform check_quota(copy_product.user_id, 'listings', quota_scale);
  v_original := lock_own_product(copy_product.product_id, copy_product.user_id);
  insert into products as p (
    shop_id, title, description, price, quantity, category_id, section_id, tags, materials, images, is_vintage, who_made, when_made,
    personalization, processing_profile_id, shipping_profile_id, is_draft, archived_at
  )
  values (
    v_original.shop_id, v_original.title, v_original.description, coalesce(v_original.base_price, v_original.price),
    v_original.quantity, v_original.category_id,
    (select x.id from shop_sections x where x.id = v_original.section_id for key share skip locked), v_original.tags,
    v_original.materials, v_original.images, v_original.is_vintage, v_original.who_made, v_original.when_made,
    v_original.personalization, v_original.processing_profile_id, v_original.shipping_profile_id, true, now()
  )
  returning p.id into v_id;
  insert into product_options (product_id, position, name, option_values)
  select v_id, o.position, o.name, o.option_values from product_options o where o.product_id = v_original.id order by o.position;
  -- The triggers of variants set has_variants, stock_by and the sums of the copy.
  insert into variants (product_id, shop_id, option_values, price, quantity, images, processing_profile_id)
  select v_id, v.shop_id, v.option_values, v.price, v.quantity, v.images, v.processing_profile_id
  from variants v where v.product_id = v_original.id and v.archived_at is null order by v.id;
  return query select p.id, product_json(p, s) from products p join shops s on s.id = p.shop_id where p.id = v_id;
end;
$$;
comment on function copy_product(bigint, bigint, numeric, boolean) is
  'Makes a draft like a listing, with new variants, for its shop''s owner, within the quota if quota_scale is given. SWNTF, SWOWN, '
  'SWVFY, SWQTA.';
