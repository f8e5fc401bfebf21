-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- On a large installation build it beforehand (docs/RUNBOOK.md, "Before a deploy").
-- squawk-ignore require-concurrent-index-creation
create index if not exists products_section_id_shop_id_idx on products (section_id, shop_id, created_at desc, id desc)
  where section_id is not null;

-- migrate:down
-- squawk-ignore require-concurrent-index-deletion
drop index if exists products_section_id_shop_id_idx;
