-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table checkout_lines add column rates_when_added jsonb;
comment on column checkout_lines.rates_when_added is 'As in cart_items.';

-- migrate:down
alter table checkout_lines drop column rates_when_added;
