-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table payment_events
  -- squawk-ignore ban-drop-not-null
  alter column checkout_id drop not null,
  add constraint payment_events_outcome_is_of_a_kind check (
    outcome in (
      'paid', 'declined', 'refund_sent', 'refund_refunded', 'refund_failed', 'dispute_open', 'dispute_won', 'dispute_lost'
    )
  ) not valid,
  drop constraint payment_events_outcome_is_known;
comment on column payment_events.checkout_id is
  'The checkout that the event names; null if its payment is not known here. No foreign key: an event of an unknown checkout may '
  'be about money, and is kept.';
comment on column payment_events.outcome is
  'paid or declined for a charge; refund_… or dispute_… and the state for a refund or a dispute.';
comment on column payment_events.provider_reference is
  'The provider''s id of the charge, the refund or the dispute; null when the event named none.';

-- migrate:down
comment on column payment_events.provider_reference is 'The provider''s id of the charge; null when the event named none.';
comment on column payment_events.outcome is 'The outcome of the payment: paid or declined.';
comment on column payment_events.checkout_id is
  'The checkout that the event names. No foreign key: an event of an unknown checkout may be about money, and is kept.';
-- checkout_id stays nullable: payment_events is append-only, and an event of an unknown payment has no checkout. The earlier
-- version writes no null.
alter table payment_events
  add constraint payment_events_outcome_is_known check (outcome in ('paid', 'declined')) not valid,
  drop constraint payment_events_outcome_is_of_a_kind;
