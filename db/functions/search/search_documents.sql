-- Returns the fields of search/index.json. Archived listings return no row. `category` has the names from the root down, which
-- people search for. Materials are words like tags. `category_id` is for filters. `created_at` is exact to the microsecond, so that
-- each engine can continue a list of the newest that the other began.
create or replace function search_documents(product_ids bigint[]) returns table (id bigint, document json)
language sql stable
set search_path = public, pg_temp
as $$
  with paths as materialized (
    select c.id, string_to_array(category_path(c.id), ' > ') as names
    from categories c
    where c.id in (select p.category_id from products p where p.id = any(product_ids))
  )
  select p.id, json_build_object(
    'id', p.id,
    'title', p.title,
    'description', p.description,
    'tags', p.tags || p.materials,
    'option_words', string_to_array(o.words, ' . '),
    'options', o.options,
    'option_keys', o.option_keys,
    'destinations', d.destinations,
    'destination_set', array_to_string(d.destinations, ' '),
    'category', coalesce(c.names, '{}'),
    'category_id', p.category_id,
    'shop_id', p.shop_id,
    'price', p.price,
    'shop_rating', s.rating,
    'shop_sales_count', s.sales_count,
    'quantity', p.quantity,
    'is_vintage', p.is_vintage,
    'created_at', to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'static_boost', static_boost(p.title, s.rating, s.sales_count)
  )
  from products p
  join shops s on s.id = p.shop_id
  cross join lateral (select listing_destinations(p) as destinations offset 0) d
  left join paths c on c.id = p.category_id
  left join listing_options(product_ids) o on o.product_id = p.id
  where p.id = any(product_ids) and p.archived_at is null
$$;
comment on function search_documents(bigint[]) is
  'The documents of these listings for the search engine; none for an archived one.';
