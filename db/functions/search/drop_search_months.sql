-- Drops whole months that are 90 days old, which forget_searches would delete row by row. Locks the log against everything for a
-- moment. Waits for the lock for less time (500 ms) than PostgreSQL takes to look for a deadlock (1 s). If the wait fails, drops
-- nothing. The next hour tries again.
create or replace function drop_search_months() returns table (partition text)
language plpgsql volatile security definer
set search_path = public, pg_temp
set lock_timeout = '500ms'
as $$
declare
  v_month text;
  v_dropped text[] := '{}';
begin
  for v_month in
    select c.relname from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent in ('search_queries'::regclass, 'search_reformulations'::regclass)
      -- CASE, because a plan can check this condition before the one above, and for other tables.
      and case when c.relname ~ '^search_(queries|reformulations)_\d{6}$'
        then to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' <= current_date - 90
      end
    order by c.relname
  loop
    execute format('drop table %I', v_month);
    v_dropped := v_dropped || v_month;
  end loop;
  return query select unnest(v_dropped);
exception
  when lock_not_available then
    return;
end;
$$;
comment on function drop_search_months() is 'Drops the months of the search log that are 90 days old; returns which.';
