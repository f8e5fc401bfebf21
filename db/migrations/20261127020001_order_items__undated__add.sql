-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '5s';
do $$
begin
  execute format(
    'alter table order_items add constraint order_items_order_id_is_undated check (order_id < %s) not valid',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders o)
  );
end;
$$;

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table order_items drop constraint order_items_order_id_is_undated;
