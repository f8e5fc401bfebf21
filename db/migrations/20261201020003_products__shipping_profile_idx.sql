-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- On a large installation build it beforehand (docs/RUNBOOK.md, "Before a deploy").
-- squawk-ignore require-concurrent-index-creation
create index if not exists products_shipping_profile_id_shop_id_idx on products (shipping_profile_id, shop_id)
  where shipping_profile_id is not null;

-- migrate:down
-- squawk-ignore require-concurrent-index-deletion
drop index if exists products_shipping_profile_id_shop_id_idx;
