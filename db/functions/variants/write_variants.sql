create or replace function write_variants(product_id bigint, shop_id bigint, variants jsonb) returns setof bigint
language sql volatile security definer
set search_path = public, pg_temp
as $$
  insert into variants (product_id, shop_id, option_values, sku, price, quantity, images, processing_profile_id)
  select write_variants.product_id, write_variants.shop_id, array(select jsonb_array_elements_text(v.value -> 'option_values')),
    v.value ->> 'sku', (v.value ->> 'price')::numeric, (v.value ->> 'quantity')::integer,
    array(select jsonb_array_elements_text(v.value -> 'images')), (v.value ->> 'processing_profile_id')::bigint
  from jsonb_array_elements(write_variants.variants) with ordinality v
  order by v.ordinality
  returning id
$$;
comment on function write_variants(bigint, bigint, jsonb) is 'Adds checked variants to a locked listing. Returns their ids. SWSKU, SWINV.';
