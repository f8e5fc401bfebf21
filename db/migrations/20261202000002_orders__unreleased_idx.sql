-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- Beforehand (before_deploy.sql), because it reads all orders.
create index if not exists orders_unreleased_idx on orders (id)
  where released_at is null and status in ('shipped', 'delivered');

-- migrate:down
drop index orders_unreleased_idx;
