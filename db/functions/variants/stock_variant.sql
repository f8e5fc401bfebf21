-- No search_path: inlined.
create or replace function stock_variant(product products, variant_id bigint) returns bigint
language sql immutable
as $$
  select case when product.stock_by = 'variant' then stock_variant.variant_id end
$$;
comment on function stock_variant(products, bigint) is
  'Returns the variant whose stock a line of the product takes, or null for the stock of the product.';
