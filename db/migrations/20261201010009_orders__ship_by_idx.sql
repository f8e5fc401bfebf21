-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- On a large installation build it beforehand (docs/RUNBOOK.md, "Before a deploy").
-- squawk-ignore require-concurrent-index-creation
create index if not exists orders_ship_by_idx on orders (ship_by) where status = 'paid' and late_since is null;

-- migrate:down
-- squawk-ignore require-concurrent-index-deletion
drop index if exists orders_ship_by_idx;
