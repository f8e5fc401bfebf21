-- `counts` are [["name U+001F value", listings], …], the commonest first. The engines count each spelling, and this function adds
-- them up without case and shows the commonest one. A name comes before another if its commonest value is commoner.
create or replace function option_facets_json(counts json) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    with counted as (
      select split_part(c.value ->> 0, E'\x1f', 1) as name, split_part(c.value ->> 0, E'\x1f', 2) as value,
        (c.value ->> 1)::integer as count, c.ordinality as place
      from json_array_elements(coalesce(counts, '[]')) with ordinality c
    ),
    choices as (
      select lower(c.name) as name_key, (array_agg(c.name order by c.place))[1] as name,
        (array_agg(c.value order by c.place))[1] as value, sum(c.count) as count, min(c.place) as place
      from counted c
      group by lower(c.name), lower(c.value)
    ),
    ranked as (
      select c.*, row_number() over (partition by c.name_key order by c.count desc, c.place) as rank from choices c
    ),
    names as (
      select (array_agg(r.name order by r.rank))[1] as name, max(r.count) as count, min(r.place) as place,
        json_agg(json_build_object('value', r.value, 'count', r.count) order by r.rank) as choices
      from ranked r
      where r.rank <= 20
      group by r.name_key
      order by 2 desc, 3
      limit 10
    )
    select coalesce(json_agg(json_build_object('name', n.name, 'values', n.choices) order by n.count desc, n.place), '[]')
    from names n
  );
end;
$$;
comment on function option_facets_json(json) is
  'The facet of options as the API shows it, from raw counts: the 10 commonest names, each with its 20 commonest values.';
