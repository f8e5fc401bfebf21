-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table shops add column has_rates boolean not null default false;
comment on column shops.has_rates is
  'Whether the default shipping profile has more than shipping: other rates or upgrades. False saves every line their look-up.';

-- migrate:down
alter table shops drop column has_rates;
