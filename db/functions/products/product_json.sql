-- A function of its own and no default of shown_product_json: a rollback to a version whose product_json has two arguments would
-- meet both, and a call of it would match both. No search_path: inlined.
create or replace function product_json(p products, s shops) returns json
language sql stable parallel safe
as $$
  select shown_product_json(p, s, true)
$$;
comment on function product_json(products, shops) is
  'Renders a product with its shop''s name, rating and vacation, its options and all its variants.';
