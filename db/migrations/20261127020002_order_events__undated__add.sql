-- migrate:up
-- The key of a partitioned table begins with what it is partitioned by. A million events take about a second; where there are many,
-- build the index beforehand: create unique index concurrently order_events_order_id_id_key on order_events (order_id, id);
set local lock_timeout = '2s';
set local statement_timeout = '10min';
-- squawk-ignore require-concurrent-index-creation
create unique index if not exists order_events_order_id_id_key on order_events (order_id, id);
do $$
begin
  execute format(
    'alter table order_events add constraint order_events_order_id_is_undated check (order_id < %s) not valid',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders o)
  );
end;
$$;

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table order_events drop constraint order_events_order_id_is_undated;
drop index order_events_order_id_id_key;
