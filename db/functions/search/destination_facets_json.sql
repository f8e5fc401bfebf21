-- `counts` are [[destinations, listings], …], null for listings that are sent to the whole world. A destination counts the listings
-- that the filter `ships_to` would find for it.
create or replace function destination_facets_json(counts json) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    with counted as (
      select case when c.value ->> 0 is null then '{world}'
          else array(select d.place from json_array_elements_text(c.value -> 0) d (place)) end as destinations,
        (c.value ->> 1)::integer as count
      from json_array_elements(coalesce(counts, '[]')) c
    ),
    places as (
      select p.place, sum(c.count) as own from counted c cross join unnest(c.destinations) p (place) group by p.place
    ),
    shown as (
      select p.place, (
        select sum(c.count) from counted c where c.destinations && destinations_to(p.place)
      ) as count
      from (
        select p.place from places p order by p.place in ('eu', 'world') desc, p.own desc, p.place limit 22
      ) p
    )
    select coalesce(
      json_agg(
        json_build_object('to', s.place, 'count', s.count)
        order by s.place = 'world' desc, s.place = 'eu' desc, s.count desc, s.place
      ),
      '[]'
    )
    from shown s
  );
end;
$$;
comment on function destination_facets_json(json) is
  'The facet of destinations as the API shows it, from raw counts: world and eu, then the 20 commonest countries.';
