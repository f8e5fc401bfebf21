-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- In the row, like title and labels: a search filters and counts thousands of listings by them. No index has them, so that a
-- variant that sells out writes no index entry; `document` has the keys of all variants for the index.
alter table product_search
  add column options text[],
  add column option_keys integer[],
  add column destinations text[],
  alter column options set storage main,
  alter column option_keys set storage main,
  alter column destinations set storage main;
comment on column product_search.options is
  'The option values of variants in stock, for the facet: name, U+001F, value. Null for a listing without variants.';
comment on column product_search.option_keys is
  'The keys (option_keys) of the values, and of the pairs of values, of variants in stock, for the filter. Null without variants.';
comment on column product_search.destinations is
  'Where the listing can be sent: country codes, eu, world. Null: to the whole world.';

-- migrate:down
alter table product_search drop column options, drop column option_keys, drop column destinations;
