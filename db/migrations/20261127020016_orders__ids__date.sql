-- migrate:up
-- From now on ids carry their month: not before items and events have partitions that take such an order. Checkouts and orders change
-- at once, because a CHECK says that they are of one month; readers of orders wait for this moment, too.
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
lock table checkouts, orders in access exclusive mode;
alter table checkouts alter id set default next_dated_id('checkouts_id_seq');
-- Of all months too, but not of what stood before them.
alter table orders alter id set default next_dated_id('orders_id_seq');
alter table orders_undated alter id drop default;
insert into dated_ids values (date_trunc('month', now() at time zone 'UTC'));

-- migrate:down
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
lock table checkouts, orders in access exclusive mode;
alter table checkouts alter id set default nextval('checkouts_id_seq');
alter table orders alter id set default nextval('orders_id_seq');
alter table orders_undated alter id drop default;
delete from dated_ids;
