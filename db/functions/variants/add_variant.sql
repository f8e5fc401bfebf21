-- The first variant changes what a buyer of the listing chooses, so a live hold refuses it (apply_variants). Locks: the listing; its
-- cart lines with the first variant; the skus of the shop last, if an sku is written.
create or replace function add_variant(product_id bigint, user_id bigint, variant jsonb)
returns table (id bigint, body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_own_product(product_id, user_id);
  v_id bigint;
begin
  perform check_variant_alone(v_product, null, variant);
  perform check_processing_profile((variant ->> 'processing_profile_id')::bigint, v_product.shop_id, v_product.is_vintage);
  v_id := write_variants(v_product.id, v_product.shop_id, jsonb_build_array(variant));
  return query
    select v.id, variant_json(v, p), row_version(v.xmin, v.updated_at)
    from variants v
    join products p on p.id = v.product_id
    where v.id = v_id;
end;
$$;
comment on function add_variant(bigint, bigint, jsonb) is
  'Adds a variant to a listing for its shop''s owner. SWNTF, SWOWN, SWINV, SWSKU, SWHLD.';
