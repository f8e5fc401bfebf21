-- No search_path: inlined.
create or replace function quantity_json(p products) returns json
language sql stable parallel safe
as $$
  select json_build_object('product_id', p.id, 'quantity', p.quantity, 'state', product_state(p))
$$;
comment on function quantity_json(products) is 'Renders the stock of a product.';
