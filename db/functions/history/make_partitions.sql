-- There is no partition for what fits no other: what no month was made for is refused, and a month can be detached while people buy
-- (`detach partition … concurrently` allows none). So the months to come are made long before: a job asks every hour, and once a
-- month there is something to do. The month in which ids began to carry theirs was made with the tables.
--
-- Locks, when there is something to do: what the new partitions refer to (users, shops, products, checkouts, orders) and what refers
-- to orders (items, events, refunds, reviews), against writers and for a moment. For all nine together it waits less than
-- PostgreSQL takes to look for a deadlock (1 s), so that it gives up and no call does;
-- then nothing is made, and the next hour tries again.
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
    from dated_ids d
    cross join lateral (
      select (date_trunc('month', now()) + n * interval '1 month')::date as month from generate_series(0, months_ahead) n
    ) months
    cross join (values (1, 'orders'), (2, 'order_items'), (3, 'order_events'), (4, 'search_queries'), (5, 'search_reformulations')) t (place, parent)
    where months.month > d.since and to_regclass(t.parent || to_char(months.month, '_YYYYMM')) is null
    order by months.month, t.place
  loop
    if v_made = '{}' then
      lock table users, shops, products, checkouts, orders, order_items, order_events, refunds, reviews
        in share row exclusive mode;
    end if;
    v_made := v_made || create_partition(v_missing.parent::regclass, v_missing.month);
  end loop;
  -- Null is what somebody else made while this waited.
  return query select m.name from unnest(v_made) m (name) where m.name is not null;
exception
  when lock_not_available then
    return;
end;
$$;
comment on function make_partitions(integer) is
  'Makes the partitions that are missing for this month and so many to come, of orders, their items and events, and of the search log; returns which.';
