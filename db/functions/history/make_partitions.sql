-- There is no default partition: with one, no month could be detached while people buy (`detach partition … concurrently`
-- refuses). A row of a month without a partition is refused, so the months ahead are made early: by each deploy, and by a job
-- every hour, which finds something to do once a month.
--
-- Locks, when a partition is missing: the tables that the new partitions refer to (users, shops, products, checkouts, orders) and
-- those that refer to orders (items, events, refunds, reviews), against writers and for a moment. It waits at most 0.1 s for
-- each, for all nine less than PostgreSQL waits before it looks for a deadlock (1 s). So this function gives up and no call
-- fails; the next hour tries again.
create or replace function make_partitions(months_ahead integer default 12) returns table (partition text)
language plpgsql volatile security definer
set search_path = public, pg_temp
set timezone = 'UTC'
set lock_timeout = '100ms'
as $$
declare
  v_missing record;
  v_made text[] := '{}';
begin
  for v_missing in
    select t.parent, months.month
    from (
      select (date_trunc('month', now()) + n * interval '1 month')::date as month from generate_series(0, months_ahead) n
    ) months
    cross join (
      values (1, 'orders'), (2, 'order_items'), (3, 'order_events'), (4, 'search_queries'), (5, 'search_reformulations')
    ) t (place, parent)
    where to_regclass(t.parent || to_char(months.month, '_YYYYMM')) is null
    order by months.month, t.place
  loop
    if v_made = '{}' then
      lock table users, shops, products, checkouts, orders, order_items, order_events, refunds, reviews
        in share row exclusive mode;
    end if;
    v_made := v_made || create_partition(v_missing.parent::regclass, v_missing.month);
  end loop;
  -- Null is a partition that another process made while this one waited.
  return query select m.name from unnest(v_made) m (name) where m.name is not null;
exception
  when lock_not_available then
    return;
end;
$$;
comment on function make_partitions(integer) is
  'Makes missing partitions of orders, items, events and the search log, for this month and months_ahead more; returns their '
  'names.';
