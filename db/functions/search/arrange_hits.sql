-- `lifted` is how many of the candidates, from the first on, are ordered by personal taste; `varied` how many places are
-- still kept varied, and `varied_places` how many of them could be; `shops` whose listings took the places before.
create or replace function arrange_hits(
  candidates jsonb, already_shown bigint[], shops bigint[], lifted integer, varied integer, user_id bigint, page_size integer
)
returns table (ids bigint[], shop_ids bigint[], first_pending integer, varied_places integer)
language sql stable
set search_path = public, pg_temp
as $$
  with hits as materialized (
    select (c.hit ->> 0)::bigint as id, c.hit -> 1 as key, c.position::integer
    from jsonb_array_elements(candidates) with ordinality c (hit, position)
  ),
  affinities as (
    select a.product_id, a.affinity
    from affinities_of(
      arrange_hits.user_id, array(select h.id from hits h where arrange_hits.user_id is not null and h.position <= lifted)
    ) a
  ),
  pending as (
    select
      h.id, h.position, p.shop_id,
      row_number() over (order by
        h.position <= lifted desc,
        case when a.affinity is not null then h.key::double precision * (1 + 0.15 * a.affinity) end desc nulls last,
        h.position
      ) as rank
    from hits h
    join products p on p.id = h.id
    join shops s on s.id = p.shop_id
    left join affinities a on a.product_id = h.id
    where p.quantity > 0 and p.archived_at is null and not s.is_on_vacation and h.id <> all(already_shown)
  ),
  counted as (
    select p.*,
      row_number() over (partition by p.shop_id order by p.rank) + cardinality(array_positions(shops, p.shop_id)) <= 3 as is_one_of_3
    from pending p
  ),
  varied_first as (
    select c.*,
      case when c.is_one_of_3 and row_number() over (partition by c.is_one_of_3 order by c.rank) <= varied then 0 else 1 end as turn
    from counted c
  ),
  placed as (
    select v.*, row_number() over (order by v.turn, v.rank) as place from varied_first v
  )
  select
    coalesce(array_agg(p.id order by p.place) filter (where p.place <= page_size), '{}'),
    coalesce(array_agg(p.shop_id order by p.place) filter (where p.place <= page_size), '{}'),
    min(p.position) filter (where p.place > page_size),
    (count(*) filter (where p.turn = 0))::integer
  from placed p
$$;
comment on function arrange_hits(jsonb, bigint[], bigint[], integer, integer, bigint, integer) is
  'The next page out of candidates, its shops, the position of the first candidate that is still to come, and how many places were kept varied.';
