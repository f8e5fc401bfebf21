-- No search_path: inlined into every list of shops.
create or replace function shop_json(s shops) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'id', s.id,
    'owner_id', s.owner_id,
    'name', s.name,
    'description', s.description,
    'banner_url', s.banner,
    'logo_url', s.logo,
    'rating', s.rating,
    'review_count', s.review_count,
    'sales_count', s.sales_count,
    'favorites_count', count_favorites('shop', s.id),
    'product_count', count_products(s.id),
    'is_on_vacation', s.is_on_vacation,
    'vacation_message', s.vacation_message,
    'vacation_from', s.vacation_from,
    'vacation_until', s.vacation_until,
    'days_off', s.days_off,
    'return_policy', s.return_policy,
    'shipping', json_build_object(
      'base', (s.shipping ->> 'base')::numeric(10, 2)::text,
      'per_extra_item', (s.shipping ->> 'per_extra_item')::numeric(10, 2)::text,
      'processing_days_min', (s.shipping ->> 'processing_days_min')::integer,
      'processing_days_max', (s.shipping ->> 'processing_days_max')::integer
    ),
    'created_at', to_rfc3339(s.created_at)
  )
$$;
comment on function shop_json(shops) is 'Renders a shop.';
