-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table account_quotas validate constraint account_quotas_quota_is_known;

-- migrate:down
-- A validated constraint needs no way back.
select;
