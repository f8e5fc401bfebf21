-- The triggers on products call this function with the listings that changed. product_search changes at once. The vocabulary
-- changes through search_word_changes, which refresh_search_words counts within seconds.
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
      spaced_words(array_to_string(p.tags, ' . ') || ' . ' || coalesce(paths.path, '')) as labels
    from products p
    left join paths on paths.id = p.category_id
    where p.id = any(product_ids) and p.archived_at is null
  ),
  vectors as materialized (
    select
      t.id, t.shop_id, t.category_id, t.price, t.is_vintage, t.in_stock,
      to_tsvector('search_words', t.title) as title, to_tsvector('search_words', t.labels) as labels,
      to_tsvector('search_prose', t.description) as description,
      strip(to_tsvector('search_spelling', t.title || ' ' || t.labels)) as words
    from texts t
  )
  insert into product_search as ps (product_id, shop_id, category_id, price, is_vintage, in_stock, title, labels, document, words)
  select v.id, v.shop_id, v.category_id, v.price, v.is_vintage, v.in_stock, v.title, v.labels,
    setweight(v.title, 'A') || setweight(v.labels, 'B') || setweight(v.description, 'D'), v.words
  from vectors v
  on conflict (product_id) do update set
    shop_id = excluded.shop_id, category_id = excluded.category_id, price = excluded.price,
    is_vintage = excluded.is_vintage, in_stock = excluded.in_stock,
    title = excluded.title, labels = excluded.labels, document = excluded.document, words = excluded.words;
  insert into search_word_changes (listings, words)
  select 1, ps.words from product_search ps where ps.product_id = any(product_ids);
end;
$$;
comment on function index_products(bigint[]) is 'Brings the search index in step with these products.';
