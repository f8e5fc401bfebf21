-- migrate:up
-- Lists of orders are walked by the time of the order, so that a range of time, and a shop's orders of one status, are
-- found without reading what is newer. Not concurrently: that waits for every open snapshot, among them that of a process
-- that waits for its turn to migrate. A million orders take about a second each; writers who wait longer than 2 s fail.
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create index orders_buyer_id_created_at_idx on orders (buyer_id, created_at desc, id desc);
-- squawk-ignore require-concurrent-index-creation
create index orders_shop_id_created_at_idx on orders (shop_id, created_at desc, id desc);
-- squawk-ignore require-concurrent-index-creation
create index orders_shop_id_status_created_at_idx on orders (shop_id, status, created_at desc, id desc);
-- squawk-ignore require-concurrent-index-deletion
drop index orders_buyer_id_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index orders_shop_id_idx;

-- migrate:down
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create index orders_shop_id_idx on orders (shop_id, id desc);
-- squawk-ignore require-concurrent-index-creation
create index orders_buyer_id_idx on orders (buyer_id, id desc);
drop index orders_shop_id_status_created_at_idx;
drop index orders_shop_id_created_at_idx;
drop index orders_buyer_id_created_at_idx;
