-- A category counts the listings that it would show: its own and those of its descendants. `to` of a price range is inclusive, as
-- the filter price_max is, so that a client can send a range back as it is.
create or replace function facets_json(
  by_category json, by_price json, by_vintage json, by_option json default null, by_destination json default null
) returns json
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
  return (
    with recursive counted as (
      select c.category_id as id, c.count from json_to_recordset(by_category) c (category_id bigint, count integer)
    ),
    upward as (
      select c.id, c.count from counted c
      union all
      select p.parent_id, u.count from upward u join categories p on p.id = u.id where p.parent_id is not null
    ),
    top as (
      select c.slug, c.name, sum(u.count) as count
      from upward u join categories c on c.id = u.id
      group by c.id
      order by sum(u.count) desc, c.name, c.slug
      limit 20
    )
    select json_build_object(
      'categories', (select coalesce(json_agg(json_build_object('slug', t.slug, 'name', t.name, 'count', t.count)
        order by t.count desc, t.name, t.slug), '[]') from top t),
      'price_ranges', (
        select json_agg(json_build_object(
          'key', r.key, 'from', r.from_price::text, 'to', (r.to_price - 0.01)::text,
          'count', coalesce((by_price ->> r.key)::integer, 0)
        ) order by r.to_price)
        from price_ranges() r
      ),
      'vintage', json_build_array(
        json_build_object('is_vintage', true, 'count', coalesce((by_vintage ->> 'true')::integer, 0)),
        json_build_object('is_vintage', false, 'count', coalesce((by_vintage ->> 'false')::integer, 0))
      ),
      'options', option_facets_json(by_option),
      'ships_to', destination_facets_json(by_destination)
    )
  );
end;
$$;
comment on function facets_json(json, json, json, json, json) is 'The facets of a search as the API shows them, from raw counts.';
