-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- Refunds are few, and the statement gives up after 10 s.
-- squawk-ignore require-concurrent-index-creation
create index refunds_failed_idx on refunds (updated_at) where status = 'failed';

-- migrate:down
drop index refunds_failed_idx;
