-- Arranges one page of show_hits, which has the rules. The first `personal` of the `candidates` are ordered by taste. The next
-- `varied` places must still be varied. `shown_shops` took the places before these. The ids in `already_shown` are left out.
create or replace function rerank_hits(
  candidates jsonb, already_shown bigint[], shown_shops bigint[], personal integer, varied integer, user_id bigint,
  page_size integer
)
returns table (ids bigint[], shop_ids bigint[], first_pending integer, varied_places integer)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    with hits as materialized (
      select (c.hit ->> 0)::bigint as id, c.hit -> 1 as key, c.position::integer
      from jsonb_array_elements(candidates) with ordinality c (hit, position)
    ),
    affinities as (
      select a.product_id, a.affinity
      from affinities_of(
        rerank_hits.user_id, array(select h.id from hits h where rerank_hits.user_id is not null and h.position <= personal)
      ) a
    ),
    ranked as (
      select
        h.id, h.position, p.shop_id,
        row_number() over (order by
          h.position <= personal desc,
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
      select r.*,
        row_number() over (partition by r.shop_id order by r.rank)
          + cardinality(array_positions(shown_shops, r.shop_id)) as of_shop
      from ranked r
    ),
    -- The varied places go to the best hits that are among the first three of their shop.
    chosen as (
      select c.*, c.of_shop <= 3 and row_number() over (partition by c.of_shop <= 3 order by c.rank) <= varied as is_varied
      from counted c
    ),
    placed as (
      select c.*, row_number() over (order by c.is_varied desc, c.rank) as place from chosen c
    )
    select
      coalesce(array_agg(p.id order by p.place) filter (where p.place <= page_size), '{}'),
      coalesce(array_agg(p.shop_id order by p.place) filter (where p.place <= page_size), '{}'),
      min(p.position) filter (where p.place > page_size),
      (count(*) filter (where p.is_varied))::integer
    from placed p;
end;
$$;
comment on function rerank_hits(jsonb, bigint[], bigint[], integer, integer, bigint, integer) is
  'The next page of candidates, its shops, the position of the first candidate still to come, and how many places are varied.';
