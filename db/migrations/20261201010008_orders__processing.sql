-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table orders
  add column processing_days_max integer,
  add column is_made_to_order boolean not null default false,
  add column if not exists late_since timestamptz;
comment on column orders.processing_days_max is
  'The working days of its slowest line at the time of the sale. Null: written by an earlier version, the shop''s days count.';
comment on column orders.is_made_to_order is 'Whether the seller makes a line of it after the sale.';
comment on column orders.late_since is
  'The end of ship_by, set when the job noticed that something of the order was not shipped by then; null if it was in time.';

-- migrate:down
alter table orders drop column processing_days_max, drop column is_made_to_order, drop column late_since;
