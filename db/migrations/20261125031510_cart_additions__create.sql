-- migrate:up
-- Lines vanish when they are removed, bought or expired, so they are counted when they are written. Not one row an addition:
-- nobody needs to know who it was. The product's lock, under which lines are written, is also that of its row here.
set local lock_timeout = '2s';
create table cart_additions (
  product_id bigint not null references products (id) on delete cascade,
  added_on date not null,
  lines bigint not null,
  primary key (product_id, added_on),
  constraint cart_additions_lines_is_positive check (lines > 0)
);
create index cart_additions_added_on_idx on cart_additions (added_on);
comment on table cart_additions is 'How many lines of a product were added to carts, a row a day in UTC. One who removes an item and adds it again counts twice.';

-- A transition table holds the rows that are new: an upsert that found its line leaves nothing here. Lines that a failed
-- checkout gives back come with the added_at of before. Sorted: a statement with lines of many products cannot deadlock.
create function tg_cart_items__count_additions() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
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

create trigger cart_items__count_additions after insert on cart_items
  referencing new table as added for each statement execute function tg_cart_items__count_additions();

-- migrate:down
set local lock_timeout = '2s';
drop trigger cart_items__count_additions on cart_items;
drop function tg_cart_items__count_additions();
drop table cart_additions;
