-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table orders add column has_follow_ups boolean not null default false;
comment on column orders.has_follow_ups is
  'Whether the order has refunds, shipments or disputes. Only then order_json reads their tables.';

-- migrate:down
alter table orders drop column has_follow_ups;
