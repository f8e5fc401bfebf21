-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table order_events
  drop constraint order_events_change_is_known,
  add constraint order_events_change_is_known
    check (change in ('refund', 'shipment', 'tracking', 'dispute', 'adoption', 'late')) not valid;
comment on column order_events.change is
  'What changed with the event: refund, shipment, tracking, dispute, adoption (by the account of its guest) or late (ship_by '
  'passed). Null if the status alone changed.';

-- migrate:down
-- Events of late orders stay, so the constraint stays unvalidated.
alter table order_events
  drop constraint order_events_change_is_known,
  add constraint order_events_change_is_known
    check (change in ('refund', 'shipment', 'tracking', 'dispute', 'adoption')) not valid;
comment on column order_events.change is
  'What changed with the event: refund, shipment, tracking, dispute or adoption (by the account of its guest). Null if the status '
  'alone changed.';
