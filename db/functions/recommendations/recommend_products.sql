-- Recommendations in three tiers, each with its reason:
--   1. neighbors of the user's favorites, by the sum of their similarities
--   2. the same shop or category at a similar price
--   3. popular listings, then new ones
-- Excludes sold-out listings, shops on vacation, the user's own listings and existing favorites. The list of 200 is independent
-- of the page, because pages would otherwise repeat or lose listings. place is the offset of the page, from 0.
create or replace function recommend_products(user_id bigint, page_size integer, place integer default 0)
returns table (item json, product_id bigint)
language sql stable
set search_path = public, pg_temp
as $$
  with liked as materialized (
    select p.id, p.title, p.shop_id, p.category_id, p.price
    from favorites f
    join products p on p.id = f.fav_id
    where f.user_id = recommend_products.user_id and f.fav_type = 'product'
    order by f.created_at desc, f.fav_id desc
    limit 50
  ),
  liked_shops as materialized (
    select f.fav_id as shop_id from favorites f where f.user_id = recommend_products.user_id and f.fav_type = 'shop'
    union
    select l.shop_id from liked l
  ),
  neighbors as (
    select
      n.neighbor_id as product_id,
      sum(n.similarity) as score,
      (array_agg(l.title order by n.similarity desc, l.id))[1] as because
    from liked l
    join product_neighbors n on n.product_id = l.id
    group by n.neighbor_id
  ),
  kin as (
    select near.id as product_id, count(*) as score, (array_agg(l.title order by near.distance, l.id))[1] as because
    from liked l
    cross join lateral (
      select p.id, abs(ln(p.price) - ln(l.price)) as distance
      from products p
      where p.category_id = l.category_id and p.price between l.price / 2 and l.price * 2 and p.state = 'active'
      order by p.created_at desc, p.id desc
      limit 40
    ) near
    group by near.id
  ),
  from_shops as (
    select near.id as product_id
    from liked_shops ls
    cross join lateral (
      select p.id from products p
      where p.shop_id = ls.shop_id and p.archived_at is null and p.quantity > 0
      order by p.created_at desc, p.id desc
      limit 4
    ) near
  ),
  popular as (
    select pp.product_id, pp.score from product_popularity pp order by pp.score desc, pp.product_id desc limit 400
  ),
  newest as (
    select p.id as product_id from products p where p.state = 'active' order by p.created_at desc, p.id desc limit 400
  ),
  candidates as (
    select n.product_id, 1 as tier, n.score, format('People who like "%s" like this too', n.because) as reason from neighbors n
    union all
    select k.product_id, 2, k.score, format('Similar to "%s"', k.because) from kin k
    union all
    select s.product_id, 2, 0.5, 'From a shop you like' from from_shops s
    union all
    select p.product_id, 3, p.score, 'Popular now' from popular p
    union all
    select n.product_id, 4, 0, 'New' from newest n
  ),
  best as (
    select distinct on (c.product_id) c.product_id, c.tier, c.score, c.reason
    from candidates c
    order by c.product_id, c.tier, c.score desc, c.reason
  ),
  ranked as (
    select b.product_id, b.reason, row_number() over (order by b.tier, b.score desc, b.product_id desc) as place
    from best b
    join products p on p.id = b.product_id
    join shops s on s.id = p.shop_id
    where p.archived_at is null
      and p.quantity > 0
      and not s.is_on_vacation
      and s.owner_id <> recommend_products.user_id
      and not exists (
        select from favorites f
        where f.user_id = recommend_products.user_id and f.fav_type = 'product' and f.fav_id = p.id
      )
  )
  select
    (shown_product_json(p, s, false)::jsonb || jsonb_build_object('reason', r.reason))::json,
    p.id
  from ranked r
  join products p on p.id = r.product_id
  join shops s on s.id = p.shop_id
  where r.place > recommend_products.place and r.place <= least(recommend_products.place + page_size, 200)
  order by r.place
$$;
comment on function recommend_products(bigint, integer, integer) is
  'Returns a page of at most 200 recommended listings for a user''s favorites, best first, each with its reason.';
