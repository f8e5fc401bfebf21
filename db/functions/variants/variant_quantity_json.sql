-- No search_path: inlined.
create or replace function variant_quantity_json(v variants, p products) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'variant_id', v.id, 'product_id', p.id, 'stock_by', p.stock_by, 'quantity', variant_stock(v, p)
  )
$$;
comment on function variant_quantity_json(variants, products) is
  'Renders the stock that a sale of a variant takes: its own, or that of its listing.';
