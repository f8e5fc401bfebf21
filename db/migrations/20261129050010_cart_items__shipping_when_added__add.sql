-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table cart_items
  add column shipping_base_when_added numeric(10, 2),
  add column shipping_extra_when_added numeric(10, 2),
  add column outlives_hold boolean not null default false;
comment on column cart_items.shipping_base_when_added is 'What the shop asked for sending the first unit when the line was added, so that a checkout can tell of a rise.';
comment on column cart_items.shipping_extra_when_added is 'What the shop asked for sending each further unit when the line was added.';
comment on column cart_items.outlives_hold is 'The line came back from a payment that failed: when its hold lapses it stays, held by nobody.';

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table cart_items drop column outlives_hold, drop column shipping_extra_when_added, drop column shipping_base_when_added;
