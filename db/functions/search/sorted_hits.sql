-- `ids` are the ids of all found listings, which this function sorts. Null means more than 10,000. Then the listings are read in
-- the order of the matching index, and the first matches are taken. `after` is [key, id]. PostgreSQL plans each call with its own
-- arguments (`force_custom_plan`), so ORDER BY and is_after become those of one order.
-- Merge joins are off: from 5,000 `ids` on, the planner would read the index of all products instead.
create or replace function sorted_hits(
  ids bigint[], matches tsquery, category_ids bigint[], price_min numeric, price_max numeric, wants_vintage boolean,
  wanted_keys integer[], wanted_destinations text[], sort text, after jsonb, at_most integer
)
returns jsonb
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan
set enable_mergejoin = off
as $$
declare
  v_hits jsonb;
begin
  if ids is not null then
    select jsonb_agg(jsonb_build_array(h.id, h.key)) into v_hits from (
      select p.id, sort_key(sort, p.price, p.created_at) as key
      from unnest(ids) f (id)
      join products p on p.id = f.id
      where is_after(sort, after, p.price, p.created_at, p.id)
      order by
        case when sort = 'price_asc' then p.price end, case when sort = 'price_asc' then p.id end,
        case when sort = 'price_desc' then p.price end desc,
        case when sort not in ('price_asc', 'price_desc') then p.created_at end desc,
        p.id desc
      limit at_most
    ) h;
  elsif matches is not null then
    select jsonb_agg(jsonb_build_array(h.id, h.key)) into v_hits from (
      select p.id, sort_key(sort, p.price, p.created_at) as key
      from products p
      join search_listings(category_ids, price_min, price_max, wants_vintage, wanted_keys, wanted_destinations) l on l.id = p.id
      where l.document @@ matches
        and is_after(sort, after, p.price, p.created_at, p.id)
      order by
        case when sort = 'price_asc' then p.price end, case when sort = 'price_asc' then p.id end,
        case when sort = 'price_desc' then p.price end desc,
        case when sort not in ('price_asc', 'price_desc') then p.created_at end desc,
        p.id desc
      limit at_most
    ) h;
  else
    select jsonb_agg(jsonb_build_array(h.id, h.key)) into v_hits from (
      select l.id, sort_key(sort, l.price, l.created_at) as key
      from browse_listings(category_ids, price_min, price_max, wants_vintage, wanted_destinations) l
      where is_after(sort, after, l.price, l.created_at, l.id)
      order by
        case when sort = 'price_asc' then l.price end, case when sort = 'price_asc' then l.id end,
        case when sort = 'price_desc' then l.price end desc,
        case when sort not in ('price_asc', 'price_desc') then l.created_at end desc,
        l.id desc
      limit at_most
    ) h;
  end if;
  return coalesce(v_hits, '[]');
end;
$$;
comment on function sorted_hits(
  bigint[], tsquery, bigint[], numeric, numeric, boolean, integer[], text[], text, jsonb, integer
) is
  'What a sorted list shows, as [[id, key], …], in its order.';
