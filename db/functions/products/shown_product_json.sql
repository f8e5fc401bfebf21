-- No search_path: inlined into every list of products. Lists pass shows_variants false and a constant, so that a listing without
-- variants costs them no lookup; its page looks for options, which can be there before the first variant.
create or replace function shown_product_json(p products, s shops, shows_variants boolean) returns json
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
    'price_max', coalesce(p.highest_price, p.price)::text,
    'base_price', p.base_price::text,
    'quantity', p.quantity,
    'stock_by', p.stock_by,
    'state', product_state(p),
    'is_draft', p.is_draft,
    'category_id', p.category_id,
    'section_id', p.section_id,
    'tags', p.tags,
    'images', p.images,
    'is_vintage', p.is_vintage,
    'who_made', p.who_made,
    'when_made', p.when_made,
    'options', case when p.has_variants or shows_variants then options_json(p.id) else '[]' end,
    'variants', case when not p.has_variants then '[]' when shows_variants then variants_json(p.id) end,
    'personalization', p.personalization,
    'materials', p.materials,
    'processing', case
      when p.processing_profile_id is null then json_build_object(
        'readiness', 'ready_to_ship', 'days_min', (s.shipping ->> 'processing_days_min')::integer,
        'days_max', (s.shipping ->> 'processing_days_max')::integer
      )
      else processing_json(p.processing_profile_id)
    end,
    'processing_profile_id', p.processing_profile_id,
    'shipping_profile_id', p.shipping_profile_id,
    'favorites_count', count_favorites('product', p.id),
    'created_at', to_rfc3339(p.created_at),
    'updated_at', to_rfc3339(p.updated_at)
  )
$$;
comment on function shown_product_json(products, shops, boolean) is
  'Renders a product with its shop''s name, rating and vacation. Without shows_variants, `variants` is null if there are some.';
