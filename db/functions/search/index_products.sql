-- The triggers on products call this function with the listings that changed. product_search changes at once. The vocabulary
-- changes through search_word_changes, which refresh_search_words counts within seconds.
-- The values of options are words like those of the description, and option_query finds their keys.
-- Archived listings leave the index. Sold-out listings stay in it as not in_stock, without a new index entry.
create or replace function index_products(product_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  insert into search_word_changes (listings, words)
  select -1, ps.words from product_search ps where ps.product_id = any(product_ids);
  delete from product_search ps
  using products p
  where p.id = ps.product_id and p.id = any(product_ids) and p.archived_at is not null;
  -- Materialized, so that each text is parsed once.
  with paths as materialized (
    select c.id, category_path(c.id) as path
    from categories c
    where c.id in (select p.category_id from products p where p.id = any(product_ids))
  ),
  texts as materialized (
    select
      p.id, p.shop_id, p.category_id, p.price, p.is_vintage, p.quantity > 0 as in_stock,
      spaced_words(p.title) as title, spaced_words(p.description) as description,
      spaced_words(array_to_string(p.tags || p.materials, ' . ') || ' . ' || coalesce(paths.path, '')) as labels,
      spaced_words(coalesce(o.words, '')) as choices, o.options, o.option_keys, o.known_keys,
      nullif(listing_destinations(p), '{world}') as destinations
    from products p
    left join paths on paths.id = p.category_id
    left join listing_options(product_ids) o on o.product_id = p.id
    where p.id = any(product_ids) and p.archived_at is null
  ),
  vectors as materialized (
    select
      t.id, t.shop_id, t.category_id, t.price, t.is_vintage, t.in_stock, t.options, t.option_keys, t.destinations,
      to_tsvector('search_words', t.title) as title, to_tsvector('search_words', t.labels) as labels,
      -- Option values keep every word, because "S" is a size and no stop word.
      to_tsvector('search_prose', t.description) || to_tsvector('search_words', t.choices) as description,
      array_to_tsvector(array(select '=' || k.key from unnest(t.known_keys) k (key))) as keys,
      strip(to_tsvector('search_spelling', t.title || ' ' || t.labels || ' ' || t.choices)) as words
    from texts t
  )
  insert into product_search as ps (
    product_id, shop_id, category_id, price, is_vintage, in_stock, options, option_keys, destinations, title, labels, document, words
  )
  select v.id, v.shop_id, v.category_id, v.price, v.is_vintage, v.in_stock, v.options, v.option_keys, v.destinations,
    v.title, v.labels,
    setweight(v.title, 'A') || setweight(v.labels, 'B') || setweight(v.description, 'D') || v.keys, v.words
  from vectors v
  on conflict (product_id) do update set
    shop_id = excluded.shop_id, category_id = excluded.category_id, price = excluded.price,
    is_vintage = excluded.is_vintage, in_stock = excluded.in_stock,
    options = excluded.options, option_keys = excluded.option_keys, destinations = excluded.destinations,
    title = excluded.title, labels = excluded.labels, document = excluded.document, words = excluded.words;
  insert into search_word_changes (listings, words)
  select 1, ps.words from product_search ps where ps.product_id = any(product_ids);
end;
$$;
comment on function index_products(bigint[]) is 'Brings the search index in step with these products.';
