-- Among the newest 20,000 listings in stock, finds those that have every word in title, tags or materials, as a word or a part of one. Needs
-- no index, and never reads more rows. Listings with one sent_by have one shipping profile: the id of the profile, or of the shop,
-- negative, for its default profile.
create or replace function fallback_matches(q text)
returns table (
  id bigint, category_id bigint, price numeric, is_vintage boolean, created_at timestamptz, has_variants boolean, sent_by bigint
)
language sql stable
set search_path = public, pg_temp
as $$
  select n.id, n.category_id, n.price, n.is_vintage, n.created_at, n.has_variants, n.sent_by
  from (
    select p.id, p.category_id, p.price, p.is_vintage, p.created_at, p.has_variants,
      coalesce(p.shipping_profile_id, -p.shop_id) as sent_by,
      p.title || ' ' || array_to_string(p.tags || p.materials, ' ') as words
    from products p
    where p.quantity > 0 and p.archived_at is null
      and p.shop_id not in (select s.id from shops s where s.is_on_vacation)
    order by p.created_at desc, p.id desc
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
