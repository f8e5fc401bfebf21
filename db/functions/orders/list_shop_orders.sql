-- A function instead of a query, because a stranger gets SWOWN instead of an empty list. Each call gets a new plan: a plan for
-- all filters could use no index. is_late: paid, not whole on its way, and the day of ship_by is over.
-- created_from is inclusive and created_to exclusive, so that days and months meet without a gap.
create or replace function list_shop_orders(
  shop_id bigint, user_id bigint, status text, created_from timestamptz, created_to timestamptz, buyer_id bigint,
  after jsonb, page_size integer, ship_by_before date default null, is_late boolean default null
)
returns table (item json, cursor json)
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  -- The months of this range. Without a range, all months up to now, with tolerance for clock differences.
  v_first bigint := greatest(first_dated_id(created_from), 0);
  v_last bigint := least(
    last_dated_id(created_to), last_dated_id((after ->> 0)::timestamptz), last_dated_id(now() + interval '1 day')
  );
begin
  perform check_shop_owner(list_shop_orders.shop_id, list_shop_orders.user_id);
  return query
    select order_json(o, shows_address(o, list_shop_orders.user_id)), json_build_array(o.created_at, o.id)
    from orders o
    where o.shop_id = list_shop_orders.shop_id and o.id between v_first and v_last
      and (list_shop_orders.status is null or o.status = list_shop_orders.status)
      and (list_shop_orders.buyer_id is null or o.buyer_id = list_shop_orders.buyer_id)
      and (ship_by_before is null or o.ship_by < ship_by_before)
      and (is_late is null or is_late = coalesce(o.status = 'paid' and o.ship_by < (now() at time zone 'UTC')::date, false))
      and (created_from is null or o.created_at >= created_from)
      and (created_to is null or o.created_at < created_to)
      and (after is null or (o.created_at, o.id) < ((after ->> 0)::timestamptz, (after ->> 1)::bigint))
    order by o.created_at desc, o.id desc
    limit page_size;
end;
$$;
comment on function list_shop_orders(
  bigint, bigint, text, timestamptz, timestamptz, bigint, jsonb, integer, date, boolean
) is
  'Returns the orders of a shop for its owner, by status, time, buyer, ship_by and lateness, newest first. SWNTF, SWOWN.';
