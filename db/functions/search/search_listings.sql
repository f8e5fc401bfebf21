-- There are few shops on vacation, so the planner reads them once for each search.
-- No search_path is set, so that the planner can inline the query.
create or replace function search_listings(
  wanted_categories bigint[], price_min numeric, price_max numeric, wants_vintage boolean, wanted_keys integer[],
  wanted_destinations text[]
)
returns table (
  id bigint, category_id bigint, price numeric, is_vintage boolean, options text[], destinations text[],
  title tsvector, labels tsvector, document tsvector
)
language sql stable
as $$
  select ps.product_id, ps.category_id, ps.price, ps.is_vintage, ps.options, ps.destinations, ps.title, ps.labels, ps.document
  from product_search ps
  where ps.in_stock
    and ps.shop_id not in (select s.id from shops s where s.is_on_vacation)
    and passes_filters(
      ps.category_id, ps.price, ps.is_vintage,
      wanted_categories, search_listings.price_min, search_listings.price_max, wants_vintage
    )
    and (wanted_keys is null or ps.option_keys && wanted_keys)
    and (wanted_destinations is null or ps.destinations is null or ps.destinations && wanted_destinations)
$$;
comment on function search_listings(bigint[], numeric, numeric, boolean, integer[], text[]) is
  'What a search for words chooses from: listings in stock, of open shops, that pass the filters.';
