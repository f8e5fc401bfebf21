-- Like search_listings, but from the table `products`, whose indexes serve categories and orders. The rows of product_search are
-- wide, so found_listings reads those of listings with variants, for the facet of options, and of listings that may not be sent to
-- the whole world (`is_limited`, see listing_destinations). No other listing costs it a look-up.
-- No search_path is set, so that the planner can inline the query.
create or replace function browse_listings(
  wanted_categories bigint[], price_min numeric, price_max numeric, wants_vintage boolean, wanted_destinations text[]
)
returns table (
  id bigint, category_id bigint, price numeric, is_vintage boolean, created_at timestamptz, title text, tags text[],
  has_variants boolean, is_limited boolean
)
language sql stable
as $$
  select p.id, p.category_id, p.price, p.is_vintage, p.created_at, p.title, p.tags, p.has_variants, d.is_limited
  from products p
  cross join lateral (
    select p.shipping_profile_id is not null or p.shop_id in (select s.id from shops s where s.has_rates) as is_limited
  ) d
  where p.quantity > 0
    and p.archived_at is null
    and p.shop_id not in (select s.id from shops s where s.is_on_vacation)
    and passes_filters(
      p.category_id, p.price, p.is_vintage,
      wanted_categories, browse_listings.price_min, browse_listings.price_max, wants_vintage
    )
    and (
      wanted_destinations is null or not d.is_limited
      or coalesce((select ps.destinations && wanted_destinations from product_search ps where ps.product_id = p.id), true)
    )
$$;
comment on function browse_listings(bigint[], numeric, numeric, boolean, text[]) is
  'What a search without words lists: listings in stock, of open shops, that pass the filters.';
