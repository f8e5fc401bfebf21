-- Uses the user's latest 50 favorites, like the recommendations. Listings that users with the same taste like weigh most. A liked
-- shop follows, then the share of liked listings in the same category. On the shipped baskets the neighbors of one liked listing
-- have similarities of about 0.02 to 0.3, so a sum of 0.25 counts in full.
create or replace function affinities_of(user_id bigint, product_ids bigint[])
returns table (product_id bigint, affinity double precision)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    with liked as materialized (
      select p.id, p.shop_id, p.category_id
      from favorites f
      join products p on p.id = f.fav_id
      where f.user_id = affinities_of.user_id and f.fav_type = 'product'
      order by f.created_at desc, f.fav_id
      limit 50
    ),
    liked_shops as (
      select f.fav_id as shop_id from favorites f where f.user_id = affinities_of.user_id and f.fav_type = 'shop'
      union
      select l.shop_id from liked l
    ),
    neighbors as (
      select n.neighbor_id as product_id, sum(n.similarity) as similarity
      from liked l join product_neighbors n on n.product_id = l.id
      group by n.neighbor_id
    ),
    categories_liked as (
      select l.category_id, count(*)::double precision / sum(count(*)) over () as share from liked l group by l.category_id
    )
    select
      p.id,
      0.6 * least(1, coalesce(n.similarity, 0) / 0.25)
        + 0.25 * (p.shop_id in (select s.shop_id from liked_shops s))::integer
        + 0.15 * coalesce(c.share, 0)
    from products p
    left join neighbors n on n.product_id = p.id
    left join categories_liked c on c.category_id = p.category_id
    where p.id = any(affinities_of.product_ids);
end;
$$;
comment on function affinities_of(bigint, bigint[]) is 'How much these listings are to a person''s taste, from 0 to 1.';
