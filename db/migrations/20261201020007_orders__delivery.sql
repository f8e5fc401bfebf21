-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table orders
  add column shipping_method text,
  add column delivery_from date,
  add column delivery_to date,
  add constraint orders_delivery_is_a_range check (
    (delivery_from is null) = (delivery_to is null) and delivery_from <= delivery_to
  ) not valid;
comment on column orders.shipping_method is 'The name of the upgrade that the buyer chose; null without one.';
comment on column orders.delivery_from is
  'The first day of the estimated delivery, from the sale on. Null: the rate of a line had no delivery days.';
comment on column orders.delivery_to is 'The last day of the estimated delivery, by the slowest line.';

-- migrate:down
alter table orders drop column shipping_method, drop column delivery_from, drop column delivery_to;
