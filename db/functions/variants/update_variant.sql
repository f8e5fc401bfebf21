-- `changes` has the changed fields with the API's names. Null clears the sku, and null as price makes it that of the listing.
-- The price that a variant shows is no change, so that a client can send back what it read.
-- `versions` as in lock_own_variant. Locks: the listing, then the variant; the skus of the shop last, if an sku is written.
create or replace function update_variant(variant_id bigint, user_id bigint, changes jsonb, versions text[] default null)
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_variant variants := lock_own_variant(variant_id, user_id, versions);
  v_product products;
  v_values text[] := array(select jsonb_array_elements_text(changes -> 'option_values'));
begin
  select p.* into v_product from products p where p.id = v_variant.product_id;
  if not changes ? 'option_values' then
    v_values := v_variant.option_values;
  end if;
  perform check_variant_alone(v_product, v_variant.id, jsonb_build_object(
    'option_values', v_values,
    'sku', case when changes ? 'sku' then changes ->> 'sku' end,
    'images', coalesce(changes -> 'images', '[]'),
    'quantity', coalesce((changes ->> 'quantity')::integer, v_variant.quantity)
  ));
  if changes ? 'processing_profile_id' then
    perform check_processing_profile((changes ->> 'processing_profile_id')::bigint, v_product.shop_id, v_product.is_vintage);
  end if;
  update variants v set
    option_values = v_values,
    sku = case when changes ? 'sku' then changes ->> 'sku' else v.sku end,
    price = case
      when changes ? 'price' and (changes ->> 'price')::numeric is distinct from variant_price(v, v_product)
        then (changes ->> 'price')::numeric
      else v.price
    end,
    quantity = coalesce((changes ->> 'quantity')::integer, v.quantity),
    images = case when changes ? 'images' then array(select jsonb_array_elements_text(changes -> 'images')) else v.images end,
    processing_profile_id = case when changes ? 'processing_profile_id' then (changes ->> 'processing_profile_id')::bigint
      else v.processing_profile_id end
  where v.id = v_variant.id;
  return query
    select variant_json(v, p), row_version(v.xmin, v.updated_at)
    from variants v
    join products p on p.id = v.product_id
    where v.id = v_variant.id;
end;
$$;
comment on function update_variant(bigint, bigint, jsonb, text[]) is
  'Changes a variant for the owner of its shop, if it has one of the versions. SWNTF, SWOWN, SWVER, SWINV, SWSKU, SWHLD.';
