-- Among the newest 20,000 listings in stock, finds those that have every word in title or tags, as a word or a part of one. Needs
-- no index, and never reads more rows.
create or replace function fallback_matches(q text)
returns table (id bigint, category_id bigint, price numeric, is_vintage boolean, created_at timestamptz)
language sql stable
set search_path = public, pg_temp
as $$
  select n.id, n.category_id, n.price, n.is_vintage, n.created_at
  from (
    select l.id, l.category_id, l.price, l.is_vintage, l.created_at, l.title || ' ' || array_to_string(l.tags, ' ') as words
    from browse_listings(null, null, null, null) l
    order by l.created_at desc, l.id desc
    limit 20000
  ) n
  where n.words ilike all (array(
    select '%' || regexp_replace(w.word, '([\\%_])', '\\\1', 'g') || '%'
    from string_to_table(left(fallback_matches.q, 400), ' ') w (word)
    where w.word <> ''
    limit 12
  ))
$$;
comment on function fallback_matches(text) is 'What a search finds by ILIKE among the newest 20,000 listings.';
