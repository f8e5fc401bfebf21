-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
-- On a large installation build it beforehand (db/README.md).
-- squawk-ignore require-concurrent-index-creation
create index if not exists products_shipping_profile_id_shop_id_idx on products (shipping_profile_id, shop_id)
  where shipping_profile_id is not null;

-- migrate:down
-- squawk-ignore require-concurrent-index-deletion
drop index products_shipping_profile_id_shop_id_idx;
