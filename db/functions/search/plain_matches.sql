-- Of the newest 20,000 listings on the shelf those that have every word, whole or as a part, in title or tags: no index
-- is needed, and however common or rare the words are, no more rows are read.
create or replace function plain_matches(q text)
returns table (id bigint, category_id bigint, price numeric, is_vintage boolean, created_at timestamptz)
language sql stable
set search_path = public, pg_temp
as $$
  select n.id, n.category_id, n.price, n.is_vintage, n.created_at
  from (
    select p.id, p.category_id, p.price, p.is_vintage, p.created_at, p.title || ' ' || array_to_string(p.tags, ' ') as words
    from products p
    where p.quantity > 0 and p.archived_at is null and p.shop_id not in (select s.id from shops s where s.is_on_vacation)
    order by p.created_at desc, p.id desc
    limit 20000
  ) n
  where n.words ilike all (array(
    select '%' || regexp_replace(w.word, '([\\%_])', '\\\1', 'g') || '%'
    from string_to_table(left(plain_matches.q, 400), ' ') w (word) where w.word <> '' limit 12
  ))
$$;
comment on function plain_matches(text) is 'What a search finds by ILIKE among the newest 20,000 listings.';
