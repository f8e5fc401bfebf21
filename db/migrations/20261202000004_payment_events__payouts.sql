-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table payment_events
  add constraint payment_events_outcome_fits_its_kind check (
    outcome in (
      'paid', 'declined', 'refund_sent', 'refund_refunded', 'refund_failed', 'dispute_open', 'dispute_won', 'dispute_lost',
      'payout_sent', 'payout_paid', 'payout_failed', 'payout_returned', 'account_pending', 'account_active', 'account_restricted',
      'account_rejected', 'transfer_reversed'
    )
  ) not valid,
  drop constraint payment_events_outcome_is_of_a_kind;
comment on column payment_events.outcome is
  'paid or declined for a charge; transfer_reversed; refund_…, dispute_…, payout_… or account_… and the state for another object.';
comment on column payment_events.provider_reference is
  'The provider''s id of the charge, refund, dispute, payout or account; null when the event named none.';

-- migrate:down
comment on column payment_events.provider_reference is
  'The provider''s id of the charge, the refund or the dispute; null when the event named none.';
comment on column payment_events.outcome is
  'paid or declined for a charge; refund_… or dispute_… and the state for a refund or a dispute.';
alter table payment_events
  add constraint payment_events_outcome_is_of_a_kind check (
    outcome in (
      'paid', 'declined', 'refund_sent', 'refund_refunded', 'refund_failed', 'dispute_open', 'dispute_won', 'dispute_lost'
    )
  ) not valid,
  drop constraint payment_events_outcome_fits_its_kind;
