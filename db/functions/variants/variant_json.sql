-- No search_path: inlined.
create or replace function variant_json(v variants, p products) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'id', v.id,
    'product_id', v.product_id,
    'option_values', v.option_values,
    'sku', v.sku,
    'price', variant_price(v, p)::text,
    'own_price', v.price::text,
    'quantity', v.quantity,
    'images', v.images,
    'processing_profile_id', v.processing_profile_id
  )
$$;
comment on function variant_json(variants, products) is
  'Renders a variant with its price in the listing. `own_price` is null if the price is that of the listing.';
