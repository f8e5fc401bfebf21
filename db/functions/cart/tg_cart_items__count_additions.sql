-- Counts a line when it is inserted, because lines are deleted when they are removed, bought or lapsed. The transition table has
-- only new rows, so an upsert of an existing line counts nothing. A line that a failed checkout returns keeps its added_at and
-- does not count. The rows are sorted, so that two statements with lines of many products do not deadlock.
create or replace function tg_cart_items__count_additions() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  insert into cart_additions as ca (product_id, added_on, lines)
  select a.product_id, (a.added_at at time zone 'UTC')::date, count(*)
  from added a
  where a.added_at = now()
  group by 1, 2
  order by 1, 2
  on conflict (product_id, added_on) do update set lines = ca.lines + excluded.lines;
  return null;
end;
$$;
comment on function tg_cart_items__count_additions() is 'Counts new lines of carts by product and day.';

create or replace trigger cart_items__count_additions after insert on cart_items
  referencing new table as added for each statement execute function tg_cart_items__count_additions();
