-- Like search_listings, but from the table `products`, whose indexes serve categories and orders.
-- No search_path is set, so that the planner can inline the query.
create or replace function browse_listings(
  wanted_categories bigint[], price_min numeric, price_max numeric, wants_vintage boolean, wanted_destinations text[]
)
returns table (
  id bigint, category_id bigint, price numeric, is_vintage boolean, created_at timestamptz, title text, tags text[],
  options text[], destinations text[]
)
language sql stable
as $$
  select p.id, p.category_id, p.price, p.is_vintage, p.created_at, p.title, p.tags, ps.options, ps.destinations
  from products p
  left join product_search ps on ps.product_id = p.id
  where p.quantity > 0
    and p.archived_at is null
    and p.shop_id not in (select s.id from shops s where s.is_on_vacation)
    and passes_filters(
      p.category_id, p.price, p.is_vintage,
      wanted_categories, browse_listings.price_min, browse_listings.price_max, wants_vintage
    )
    and (wanted_destinations is null or ps.destinations is null or ps.destinations && wanted_destinations)
$$;
comment on function browse_listings(bigint[], numeric, numeric, boolean, text[]) is
  'What a search without words lists: listings in stock, of open shops, that pass the filters.';
