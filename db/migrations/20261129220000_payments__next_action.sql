-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table payments
  add column next_action jsonb,
  add constraint payments_next_action_has_a_type check (next_action ? 'type') not valid,
  add constraint payments_next_action_belongs_to_requires_action check (
    (status = 'requires_action') = (next_action is not null)
  ) not valid,
  add constraint payments_status_is_one_of_seven check (
    status in ('pending', 'requires_action', 'paid', 'declined', 'cancelled', 'failed', 'refunded')
  ) not valid,
  drop constraint payments_status_is_known;
comment on column payments.status is
  'pending until the provider''s outcome is known, requires_action while the buyer has to act, such as for 3-D Secure; then '
  'paid, declined (or no action in time), cancelled (given up), failed (not charged), or refunded (all was given back).';
comment on column payments.next_action is
  'What the buyer has to do: type, and url or client_secret. Null unless the status is requires_action.';

-- migrate:down
comment on column payments.status is
  'pending until the provider''s outcome is known; then paid, declined, failed (not charged), or refunded (all was given back).';
alter table payments
  add constraint payments_status_is_known
    check (status in ('pending', 'paid', 'declined', 'failed', 'refunded')) not valid,
  drop constraint payments_status_is_one_of_seven,
  drop constraint payments_next_action_belongs_to_requires_action,
  drop column next_action;
