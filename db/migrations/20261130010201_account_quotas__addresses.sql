-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table account_quotas
  drop constraint account_quotas_quota_is_known,
  add constraint account_quotas_quota_is_known
  check (quota in ('shops', 'listings', 'favorites', 'addresses', 'sessions', 'keys')) not valid;

-- migrate:down
delete from account_quotas where quota = 'addresses';
alter table account_quotas
  drop constraint account_quotas_quota_is_known,
  add constraint account_quotas_quota_is_known check (quota in ('shops', 'listings', 'favorites', 'sessions', 'keys')) not valid;
