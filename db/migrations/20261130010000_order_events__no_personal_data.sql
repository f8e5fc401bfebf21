-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
-- Events are append-only, so the deletion of a person could not remove addresses, notes and tracking from them. Events of the next
-- versions have none (without_personal_fields). The name of the trigger that refuses updates is not known here: a new database has
-- no triggers yet.
alter table order_events disable trigger user;
update order_events e
set detail = e.detail - '{shipping_address, note, gift_message, carrier, tracking_number}'::text[] || jsonb_strip_nulls(
  jsonb_build_object(
    'refund', (e.detail -> 'refund') - 'note',
    'shipment', (e.detail -> 'shipment') - '{carrier, tracking_number}'::text[]
  )
)
where e.detail ?| '{shipping_address, note, gift_message, carrier, tracking_number}' or e.detail -> 'refund' ? 'note';
alter table order_events enable trigger user;
comment on column order_events.detail is
  'Facts of the move without personal data: the order at pending, later the refund, shipment or dispute as it was then.';

-- migrate:down
-- The removed fields are still in checkouts, refunds and shipments.
comment on column order_events.detail is
  'Facts of the move: the tracking at shipped, the amount at refunded, the whole order at pending.';
