-- migrate:up
create table payment_events (
  provider text not null,
  event_id text not null,
  checkout_id bigint not null,
  outcome text not null,
  provider_reference text,
  received_at timestamptz not null default clock_timestamp(),
  primary key (provider, event_id),
  constraint payment_events_outcome_is_known check (outcome in ('paid', 'declined')),
  constraint payment_events_event_id_has_1_to_255_characters check (char_length(event_id) between 1 and 255)
);
create index payment_events_checkout_id_idx on payment_events (checkout_id);
comment on table payment_events is 'What payment providers told by webhook, each event once. Append-only: the database refuses update and delete.';
comment on column payment_events.checkout_id is
  'The checkout that the event names. No foreign key: an event about a checkout that is not here is money to look after, and is kept.';

create trigger payment_events__refuse_change before update or delete or truncate on payment_events
  for each statement execute function tg__refuse_change();

-- migrate:down
drop table payment_events;
