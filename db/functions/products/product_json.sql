-- No search_path: inlined into every list of products.
create or replace function product_json(p products, s shops) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'id', p.id,
    'sku', p.sku,
    'shop', json_build_object(
      'id', s.id, 'name', s.name, 'rating', s.rating, 'is_on_vacation', s.is_on_vacation,
      'vacation_message', case when s.is_on_vacation then s.vacation_message end
    ),
    'title', p.title,
    'description', p.description,
    'price', p.price::text,
    'quantity', p.quantity,
    'state', p.state,
    'category_id', p.category_id,
    'tags', p.tags,
    'images', p.images,
    'is_vintage', p.is_vintage,
    'who_made', p.who_made,
    'when_made', p.when_made,
    'favorites_count', count_favorites('product', p.id),
    'created_at', to_rfc3339(p.created_at),
    'updated_at', to_rfc3339(p.updated_at)
  )
$$;
comment on function product_json(products, shops) is 'Renders a product with its shop''s name, rating and vacation.';
