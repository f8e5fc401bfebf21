-- Returns at most 10,001 listings, which bounds the cost of common words. Totals and facets are exact up to 10,000.
-- A search with a filter of options has `matches` and counts as one with words.
-- The look-ups in product_search come after the limit, because the planner would choose the index of products by their cost.
-- No search_path is set, so that the planner can inline the query and plan only one of its halves.
create or replace function found_listings(
  has_words boolean, matches tsquery, wanted_categories bigint[], price_min numeric, price_max numeric, wants_vintage boolean,
  wanted_keys integer[], wanted_destinations text[]
)
returns table (
  id bigint, category_id bigint, price numeric, is_vintage boolean, options text[], destinations text[]
)
language sql stable
as $$
  (
    select l.id, l.category_id, l.price, l.is_vintage, l.options, l.destinations
    from search_listings(
      wanted_categories, found_listings.price_min, found_listings.price_max, wants_vintage, wanted_keys, wanted_destinations
    ) l
    where has_words and l.document @@ matches
    limit 10001
  )
  union all
  (
    select l.id, l.category_id, l.price, l.is_vintage,
      case when l.has_variants then (select ps.options from product_search ps where ps.product_id = l.id) end,
      case when l.is_limited then (select ps.destinations from product_search ps where ps.product_id = l.id) end
    from (
      select b.id, b.category_id, b.price, b.is_vintage, b.has_variants, b.is_limited
      from browse_listings(
        wanted_categories, found_listings.price_min, found_listings.price_max, wants_vintage, wanted_destinations
      ) b
      where not has_words
      limit 10001
    ) l
  )
$$;
comment on function found_listings(boolean, tsquery, bigint[], numeric, numeric, boolean, integer[], text[]) is
  'What a search finds, 10,001 listings at most; without words all that pass the filters.';
