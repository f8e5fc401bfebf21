-- Returns at most 10,001 listings, which bounds the cost of common words. Totals and facets are exact up to 10,000.
-- No search_path is set, so that the planner can inline the query and plan only one of its halves.
create or replace function found_listings(
  has_words boolean, matches tsquery, wanted_categories bigint[], price_min numeric, price_max numeric, wants_vintage boolean
)
returns table (id bigint, category_id bigint, price numeric, is_vintage boolean)
language sql stable
as $$
  (
    select l.id, l.category_id, l.price, l.is_vintage
    from search_listings(wanted_categories, found_listings.price_min, found_listings.price_max, wants_vintage) l
    where has_words and l.document @@ matches
    limit 10001
  )
  union all
  (
    select l.id, l.category_id, l.price, l.is_vintage
    from browse_listings(wanted_categories, found_listings.price_min, found_listings.price_max, wants_vintage) l
    where not has_words
    limit 10001
  )
$$;
comment on function found_listings(boolean, tsquery, bigint[], numeric, numeric, boolean) is
  'What a search finds, 10,001 listings at most; without words all that pass the filters.';
