-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table late_charges
  add column failures integer not null default 0,
  add column failure_reason text,
  add constraint late_charges_failures_is_not_negative check (failures >= 0) not valid,
  add constraint late_charges_status_is_one_of_four check (status in ('pending', 'sent', 'refunded', 'failed')) not valid,
  drop constraint late_charges_status_is_known;
-- Late charges are few, so the index is built here.
-- squawk-ignore require-concurrent-index-creation
create index late_charges_open_idx on late_charges (updated_at) where status <> 'refunded';
-- squawk-ignore require-concurrent-index-deletion
drop index late_charges_pending_idx;
comment on column late_charges.status is
  'pending until the provider takes the refund, sent until the money arrives, then refunded; or failed, until an operator has it '
  'made again (owe_late_charge_again).';
comment on column late_charges.provider_reference is 'The provider''s id of the refund; null until the provider took it.';
comment on column late_charges.failures is 'How many refunds of it failed. The key of the next one ends in this number.';
comment on column late_charges.failure_reason is 'Why the last refund failed, in the provider''s words; null unless it failed.';

-- migrate:down
create index late_charges_pending_idx on late_charges (payment_id) where status = 'pending';
drop index late_charges_open_idx;
comment on column late_charges.provider_reference is 'The provider''s id of the refund.';
comment on column late_charges.status is 'pending until the provider has given it back, then refunded.';
alter table late_charges
  add constraint late_charges_status_is_known check (status in ('pending', 'refunded')) not valid,
  drop constraint late_charges_status_is_one_of_four,
  drop constraint late_charges_failures_is_not_negative,
  drop column failure_reason,
  drop column failures;
