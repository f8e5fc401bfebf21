-- A function instead of a query, because a stranger gets SWOWN. Both days are inclusive. Null means today, and 30 days in all.
-- Future days have no entry, because a row of zeros would be wrong. Raises SWINV (an invalid or too long range).
create or replace function show_shop_statistics(shop_id bigint, user_id bigint, from_day date, to_day date)
returns table (body json)
language plpgsql stable
set search_path = public, pg_temp
set timezone = 'UTC'
as $$
declare
  -- A year, so that one call can compare a month with that of last year.
  v_max_days constant integer := 366;
  v_to constant date := coalesce(to_day, current_date);
  v_from constant date := coalesce(from_day, v_to - 29);
begin
  perform check_shop_owner(show_shop_statistics.shop_id, show_shop_statistics.user_id);
  if v_from > v_to then
    raise exception using errcode = 'SWINV', message = '"from" must not be later than "to".', detail = '{"field": "from"}';
  elsif v_to - v_from >= v_max_days then
    raise exception using errcode = 'SWINV', message = format('"from" and "to" must be at most %s days apart.', v_max_days),
      detail = '{"field": "from"}';
  end if;
  return query
    with days as (
      select v_from + n as day,
        coalesce(ss.views, 0) as views, coalesce(ss.favorites, 0) as favorites, coalesce(ss.carts, 0) as carts,
        coalesce(ss.orders, 0) as orders, coalesce(ss.units, 0) as units,
        coalesce(ss.revenue, 0.00) as revenue, coalesce(ss.refunded, 0.00) as refunded
      from generate_series(0, least(v_to, current_date) - v_from) n
      left join shop_statistics ss on ss.shop_id = show_shop_statistics.shop_id and ss.day = v_from + n
    )
    select json_build_object(
      'shop_id', show_shop_statistics.shop_id,
      'from', v_from,
      'to', v_to,
      'computed_at', (select to_rfc3339(max(sd.computed_at)) from statistics_days sd where sd.day between v_from and v_to),
      'totals', json_build_object(
        'views', coalesce(sum(d.views), 0),
        'favorites', coalesce(sum(d.favorites), 0),
        'carts', coalesce(sum(d.carts), 0),
        'orders', coalesce(sum(d.orders), 0),
        'units', coalesce(sum(d.units), 0),
        'revenue', coalesce(sum(d.revenue), 0.00)::text,
        'refunded', coalesce(sum(d.refunded), 0.00)::text
      ),
      'items', coalesce(json_agg(json_build_object(
        'day', d.day,
        'views', d.views,
        'favorites', d.favorites,
        'carts', d.carts,
        'orders', d.orders,
        'units', d.units,
        'revenue', d.revenue::text,
        'refunded', d.refunded::text
      ) order by d.day), '[]')
    )
    from days d;
end;
$$;
comment on function show_shop_statistics(bigint, bigint, date, date) is
  'Returns the daily statistics of a shop for its owner, oldest day first, with totals. SWNTF, SWOWN, SWINV.';
