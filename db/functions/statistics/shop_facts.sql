-- Needs a plan for the given day: a generic plan would read every table whole, because the first run begins at -infinity.
create or replace function shop_facts(from_day date) returns table (shop_id bigint, day date, figure text, amount numeric)
language plpgsql stable
set search_path = public, pg_temp
set timezone = 'UTC'
set plan_cache_mode = force_custom_plan
as $$
begin
  return query
    select p.shop_id, pv.viewed_on, 'views', pv.views::numeric
    from product_views pv join products p on p.id = pv.product_id
    where pv.viewed_on >= from_day
    union all
    select p.shop_id, f.created_at::date, 'favorites', 1
    from favorites f join products p on p.id = f.fav_id
    where f.fav_type = 'product' and f.created_at >= from_day
    union all
    select s.id, f.created_at::date, 'favorites', 1
    from favorites f join shops s on s.id = f.fav_id
    where f.fav_type = 'shop' and f.created_at >= from_day
    union all
    select p.shop_id, ca.added_on, 'carts', ca.lines
    from cart_additions ca join products p on p.id = ca.product_id
    where ca.added_on >= from_day
    union all
    select o.shop_id, e.created_at::date, paid.figure, paid.amount
    from order_events e
    join orders o on o.id = e.order_id
    cross join lateral (values
      ('orders', 1),
      ('units', (select sum(oi.quantity) from order_items oi where oi.order_id = o.id)),
      ('revenue', o.total)
    ) paid (figure, amount)
    where e.status = 'paid' and e.change is null and e.created_at >= from_day
    union all
    select o.shop_id, r.created_at::date, 'refunded', r.amount
    from refunds r join orders o on o.id = r.order_id
    where r.status <> 'failed' and r.created_at >= from_day;
end;
$$;
comment on function shop_facts(date) is
  'Returns the facts of all shops since a UTC day: one row for one fact, or for several of a kind, each for one figure of '
  'shop_statistics.';
