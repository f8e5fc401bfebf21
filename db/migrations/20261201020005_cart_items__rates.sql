-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table cart_items add column rates_when_added jsonb;
comment on column cart_items.rates_when_added is
  'The rates of the shipping profile when the line was added, {destination: {base, per_extra_item}}. Null: the shop had only its '
  'shipping, which the columns shipping_base_when_added and shipping_extra_when_added have.';

-- migrate:down
alter table cart_items drop column rates_when_added;
