-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- The index is empty at first: no shop has rates before this version.
-- squawk-ignore require-concurrent-index-creation
create index if not exists shops_has_rates_idx on shops (id) where has_rates;

-- migrate:down
-- squawk-ignore require-concurrent-index-deletion
drop index shops_has_rates_idx;
