-- An archived variant stays as it is. No search_path: inlined.
create or replace function changed_variants(product_id bigint, variants jsonb) returns table (
  id bigint, sku text, option_values text[], price numeric, quantity integer, images text[]
)
language sql stable
as $$
  select v.id, n.sku, n.option_values, n.price, n.quantity, n.images
  from jsonb_to_recordset(changed_variants.variants) as n (
    sku text, option_values text[], price numeric(10, 2), quantity integer, images text[]
  )
  left join lateral (
    select v.* from variants v where v.product_id = changed_variants.product_id and v.sku = n.sku
    -- A lookup by the index of each listing. A join by a hash would read all variants, also for a small batch.
    offset 0
  ) v on true
  where v.archived_at is null
    and (v.id is null or (v.option_values, v.price, v.quantity, v.images)
      is distinct from (n.option_values, n.price, n.quantity, n.images))
$$;
comment on function changed_variants(bigint, jsonb) is
  'Returns the variants of a listing in a file that are new, with id null, or differ from those in the database.';
