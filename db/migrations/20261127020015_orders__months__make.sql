-- migrate:up
-- The months ahead that a job keeps from now on (make_partitions). Readers go on; who writes what orders refer to, or what refers to
-- them, waits for this moment.
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
lock table users, shops, products, checkouts, orders, order_items, order_events, refunds, reviews
  in share row exclusive mode;
select create_partition(t.parent, (date_trunc('month', now() at time zone 'UTC') + n * interval '1 month')::date)
from generate_series(2, 12) n
cross join (values (1, 'orders'::regclass), (2, 'order_items'), (3, 'order_events')) t (place, parent)
order by n, t.place;

-- migrate:down
select 'nothing to undo: they go with their tables';
