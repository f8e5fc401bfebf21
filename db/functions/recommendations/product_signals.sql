-- One row for each product that a user likes or has bought. Cancelled and refunded orders do not count. Only the latest 200 of a
-- user count, because a user who likes everything is a weak signal, and the number of pairs grows with the square.
create or replace function product_signals() returns table (user_id bigint, product_id bigint)
language sql stable
set search_path = public, pg_temp
as $$
  with signals as (
    select f.user_id, f.fav_id as product_id, f.created_at
    from favorites f where f.fav_type = 'product'
    union all
    select o.buyer_id, oi.product_id, o.created_at
    from orders o join order_items oi on oi.order_id = o.id
    where o.status in ('paid', 'shipped', 'delivered')
  ),
  latest as (
    select s.user_id, s.product_id,
      row_number() over (partition by s.user_id order by max(s.created_at) desc, s.product_id) as place
    from signals s
    group by s.user_id, s.product_id
  )
  select l.user_id, l.product_id
  from latest l
  where l.place <= 200 and exists (select from products p where p.id = l.product_id)
$$;
comment on function product_signals() is 'Returns the latest 200 liked or bought products of each user.';
