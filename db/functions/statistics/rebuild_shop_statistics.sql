-- Recomputes the last computed day, the two days before it because of late commits, and all later days, so a missed run loses
-- nothing. Older days do not change. The first run computes all days. Other transactions never wait for it: only this function
-- writes shop_statistics. Days are UTC.
create or replace function rebuild_shop_statistics() returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
set timezone = 'UTC'
as $$
declare
  v_from date;
  v_rows bigint;
begin
  -- One run at a time. A concurrent run returns at once.
  if not pg_try_advisory_xact_lock(hashtextextended('rebuild_shop_statistics', 0)) then
    return 0;
  end if;
  select coalesce(max(sd.day) - 2, '-infinity') into v_from from statistics_days sd;
  with facts as (
    select sf.shop_id, sf.day, sf.figure, sf.amount from shop_facts(v_from) sf
    union all
    -- A day whose only favorite was removed becomes 0.
    select ss.shop_id, ss.day, 'none', 0 from shop_statistics ss where ss.day >= v_from
  )
  insert into shop_statistics as ss (shop_id, day, views, favorites, carts, orders, units, revenue, refunded)
  select f.shop_id, f.day,
    coalesce(sum(f.amount) filter (where f.figure = 'views'), 0),
    coalesce(sum(f.amount) filter (where f.figure = 'favorites'), 0),
    coalesce(sum(f.amount) filter (where f.figure = 'carts'), 0),
    coalesce(sum(f.amount) filter (where f.figure = 'orders'), 0),
    coalesce(sum(f.amount) filter (where f.figure = 'units'), 0),
    coalesce(sum(f.amount) filter (where f.figure = 'revenue'), 0),
    coalesce(sum(f.amount) filter (where f.figure = 'refunded'), 0)
  from facts f
  group by f.shop_id, f.day
  on conflict (shop_id, day) do update set
    views = excluded.views, favorites = excluded.favorites, carts = excluded.carts, orders = excluded.orders,
    units = excluded.units, revenue = excluded.revenue, refunded = excluded.refunded
  -- Unchanged rows are not written.
  where (ss.views, ss.favorites, ss.carts, ss.orders, ss.units, ss.revenue, ss.refunded)
    is distinct from (
      excluded.views, excluded.favorites, excluded.carts, excluded.orders, excluded.units, excluded.revenue, excluded.refunded
    );
  get diagnostics v_rows = row_count;
  insert into statistics_days (day, computed_at)
  select known.first_day + n, now()
  from (
    select greatest(v_from, least((select min(ss.day) from shop_statistics ss), current_date)) as first_day
  ) known
  cross join lateral generate_series(0, current_date - known.first_day) n
  on conflict (day) do update set computed_at = excluded.computed_at;
  return v_rows;
end;
$$;
comment on function rebuild_shop_statistics() is
  'Computes the daily statistics of all shops for the last days, including those of missed runs. Returns the number of '
  'changed rows.';
