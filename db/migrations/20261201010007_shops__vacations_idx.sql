-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- On a large installation build it beforehand (docs/RUNBOOK.md, "Before a deploy").
-- squawk-ignore require-concurrent-index-creation
create index if not exists shops_vacation_from_idx on shops (vacation_from) where vacation_from is not null;

-- migrate:down
-- squawk-ignore require-concurrent-index-deletion
drop index if exists shops_vacation_from_idx;
