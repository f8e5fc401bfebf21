-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- On a large installation build it beforehand (docs/RUNBOOK.md, "Before a deploy").
-- squawk-ignore require-concurrent-index-creation
create index if not exists orders_unreleased_idx on orders (id)
  where released_at is null and status in ('shipped', 'delivered');

-- migrate:down
-- squawk-ignore require-concurrent-index-deletion
drop index if exists orders_unreleased_idx;
