-- A facet counts the listings that each of its values would show, so it omits its own filter. If that filter is not set, the
-- facet counts the listings that were found anyway.
-- `counted` has one row for all listings of a category, a price range, an age, the same options and the same destinations, because
-- the facets add up rows faster.
-- A search for words keeps its plan, because the indexes of words serve it with any filter. So does a search for options, which
-- are words of the index. Without either, the indexes of `products` serve the filters, so PostgreSQL plans each call with its own
-- arguments.
-- `ids` are the ids of a sorted list (`with_ids`) of at most 10,000 listings, and null otherwise.
create or replace function count_found(
  has_words boolean, matches tsquery, category_ids bigint[], price_min numeric, price_max numeric, wants_vintage boolean,
  wanted_keys integer[], wanted_destinations text[], with_ids boolean
)
returns table (total integer, facets json, ids bigint[])
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_bounds numeric[] := array(select r.from_price from price_ranges() r where r.from_price is not null order by 1);
  v_has_query boolean := has_words or wanted_keys is not null;
  v_matches tsquery := match_options(has_words, count_found.matches, wanted_keys);
begin
  if not v_has_query then
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
  end if;
  return query
    with counted as materialized (
      select f.category_id, width_bucket(f.price, v_bounds) as price_range, f.is_vintage, f.options, f.destinations,
        count(*) as count, array_agg(f.id) filter (where with_ids) as ids
      from found_listings(
        v_has_query, v_matches, category_ids, price_min, price_max, wants_vintage, wanted_keys, wanted_destinations
      ) f
      group by 1, 2, 3, 4, 5
    ),
    of_any_category as (
      select c.category_id, c.count from counted c where category_ids is null
      union all
      select f.category_id, 1
      from found_listings(v_has_query, v_matches, null, price_min, price_max, wants_vintage, wanted_keys, wanted_destinations) f
      where category_ids is not null
    ),
    of_any_price as (
      select c.price_range, c.count from counted c where price_min is null and price_max is null
      union all
      select width_bucket(f.price, v_bounds), 1
      from found_listings(v_has_query, v_matches, category_ids, null, null, wants_vintage, wanted_keys, wanted_destinations) f
      where price_min is not null or price_max is not null
    ),
    of_any_age as (
      select c.is_vintage, c.count from counted c where wants_vintage is null
      union all
      select f.is_vintage, 1
      from found_listings(v_has_query, v_matches, category_ids, price_min, price_max, null, wanted_keys, wanted_destinations) f
      where wants_vintage is not null
    ),
    of_any_option as (
      select c.options, c.count from counted c where wanted_keys is null
      union all
      select f.options, 1
      from found_listings(
        has_words, count_found.matches, category_ids, price_min, price_max, wants_vintage, null, wanted_destinations
      ) f
      where wanted_keys is not null
    ),
    of_any_destination as (
      select c.destinations, c.count from counted c where wanted_destinations is null
      union all
      select f.destinations, 1
      from found_listings(v_has_query, v_matches, category_ids, price_min, price_max, wants_vintage, wanted_keys, null) f
      where wanted_destinations is not null
    )
    select
      (select coalesce(sum(c.count), 0)::integer from counted c),
      facets_json(
        (select json_agg(g) from (
          select c.category_id, sum(c.count) as count from of_any_category c group by c.category_id
        ) g),
        (select json_object_agg(r.key, g.count) from (
          select p.price_range as place, sum(p.count) as count from of_any_price p group by p.price_range
        ) g
        join (select r.key, row_number() over (order by r.to_price) - 1 as place from price_ranges() r) r using (place)),
        (select json_object_agg(g.is_vintage, g.count) from (
          select a.is_vintage, sum(a.count) as count from of_any_age a group by a.is_vintage
        ) g),
        (select json_agg(json_build_array(g.choice, g.count)) from (
          select u.choice, sum(s.count) as count
          from (select o.options, sum(o.count) as count from of_any_option o where o.options is not null group by o.options) s
          cross join unnest(s.options) u (choice)
          group by u.choice
          order by sum(s.count) desc, u.choice collate "C"
          limit 2000
        ) g),
        (select json_agg(json_build_array(g.destinations, g.count)) from (
          select d.destinations, sum(d.count) as count from of_any_destination d group by d.destinations
        ) g)
      ),
      (
        select coalesce(array_agg(i.id), '{}')
        from counted c cross join unnest(c.ids) i (id)
        where with_ids
        having count(*) <= 10000
      );
end;
$$;
comment on function count_found(boolean, tsquery, bigint[], numeric, numeric, boolean, integer[], text[], boolean) is
  'How many listings a search finds, 10,001 at most, its facets, and which listings these are.';
