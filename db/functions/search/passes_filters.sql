-- No search_path is set, so that the planner can inline the conditions and drop those of null filters.
create or replace function passes_filters(
  category_id bigint, price numeric, is_vintage boolean,
  wanted_categories bigint[], price_min numeric, price_max numeric, wants_vintage boolean
) returns boolean
language sql immutable parallel safe
as $$
  select (wanted_categories is null or category_id = any(wanted_categories))
    and (price_min is null or price >= price_min)
    and (price_max is null or price <= price_max)
    and (wants_vintage is null or is_vintage = wants_vintage)
$$;
comment on function passes_filters(bigint, numeric, boolean, bigint[], numeric, numeric, boolean) is
  'Whether a listing passes the filters of a search; a null filter lets everything pass.';
