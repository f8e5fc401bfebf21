-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table checkout_lines
  add column shipping_base_when_added numeric(10, 2),
  add column shipping_extra_when_added numeric(10, 2);
comment on column checkout_lines.shipping_base_when_added is 'As in cart_items, for the line that a failed payment gives back.';
comment on column checkout_lines.shipping_extra_when_added is 'As in cart_items, for the line that a failed payment gives back.';

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table checkout_lines drop column shipping_extra_when_added, drop column shipping_base_when_added;
