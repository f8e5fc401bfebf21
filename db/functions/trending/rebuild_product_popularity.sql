-- Views, favorites and sales of the last 14 days with a half-life of three days. A sale weighs ten views, a favorite five, about
-- as they are rarer. Readers see the old scores until this commits.
create or replace function rebuild_product_popularity() returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_rows bigint;
begin
  -- One run at a time. A concurrent run returns at once.
  if not pg_try_advisory_xact_lock(hashtextextended('rebuild_product_popularity', 0)) then
    return 0;
  end if;
  delete from product_popularity;
  with points as (
    select pv.product_id, pv.views::double precision as points, (current_date - pv.viewed_on)::double precision as age_days
    from product_views pv where pv.viewed_on > current_date - 14
    union all
    select f.fav_id, 5, extract(epoch from now() - f.created_at) / 86400
    from favorites f where f.fav_type = 'product' and f.created_at > now() - interval '14 days'
    union all
    select oi.product_id, 10 * oi.quantity, extract(epoch from now() - o.created_at) / 86400
    from orders o join order_items oi on oi.order_id = o.id
    where o.created_at > now() - interval '14 days'
      and o.id >= (select first_dated_id(now() - interval '14 days'))
      and oi.order_id >= (select first_dated_id(now() - interval '14 days'))
      and o.status in ('paid', 'shipped', 'delivered')
  )
  insert into product_popularity (product_id, score)
  select points.product_id, sum(points.points * 0.5 ^ (greatest(points.age_days, 0) / 3))
  from points
  where exists (select from products p where p.id = points.product_id)
  group by points.product_id;
  get diagnostics v_rows = row_count;
  return v_rows;
end;
$$;
comment on function rebuild_product_popularity() is
  'Computes popularity scores from the decayed views, favorites and sales of two weeks. Returns the number of listings with a '
  'score.';
