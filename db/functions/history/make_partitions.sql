-- There is no default partition, because `detach partition … concurrently` refuses a table with one, and months are detached
-- while people buy. PostgreSQL rejects rows of a month without a partition, so each deploy creates the months ahead, and an
-- hourly job does too. The job has work once a month.
--
-- Locks, if a partition is missing: the tables that the new partitions reference (users, shops, products, variants, checkouts,
-- orders) and those that reference orders (items, events, refunds, reviews), against writers and for a moment. The function waits
-- at most 90 ms for each, and for all ten less than deadlock_timeout (1 s). Then it gives up, so that no call fails; the next hour
-- tries again.
create or replace function make_partitions(months_ahead integer default 12) returns table (partition text)
language plpgsql volatile security definer
set search_path = public, pg_temp
set timezone = 'UTC'
set lock_timeout = '90ms'
as $$
declare
  v_missing record;
  v_made text[] := '{}';
begin
  for v_missing in
    select m.parent, m.month from list_missing_partitions(months_ahead) m
  loop
    if v_made = '{}' then
      lock table users, shops, products, variants, checkouts, orders, order_items, order_events, refunds, reviews
        in share row exclusive mode;
    end if;
    v_made := v_made || create_partition(v_missing.parent::regclass, v_missing.month);
  end loop;
  -- Null: another process created the partition meanwhile.
  return query select m.name from unnest(v_made) m (name) where m.name is not null;
exception
  when lock_not_available then
    return;
end;
$$;
comment on function make_partitions(integer) is
  'Creates missing partitions of orders, items, events and the search log, for this month and months_ahead more. Returns '
  'their names.';
