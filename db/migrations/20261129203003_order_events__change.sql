-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table order_events
  add column change text,
  add constraint order_events_change_is_known check (change in ('refund', 'shipment', 'tracking', 'dispute')) not valid;
comment on column order_events.change is
  'What changed with the event: refund, shipment, tracking or dispute. Null if the status alone changed.';
comment on column order_events.status is 'The status of the order after the event.';

-- migrate:down
comment on column order_events.status is 'The new status.';
alter table order_events drop column change;
