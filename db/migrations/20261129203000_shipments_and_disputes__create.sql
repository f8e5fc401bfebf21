-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- The foreign keys also lock these tables. Locked in the order of the calls (write_refund).
lock table payments, refunds in share row exclusive mode;
create table refund_items (
  refund_id bigint not null references refunds (id) on delete restrict,
  order_id bigint not null,
  line_id bigint not null,
  quantity integer not null,
  restocked integer not null default 0,
  taken_over integer not null default 0,
  primary key (refund_id, line_id),
  constraint refund_items_quantity_is_positive check (quantity > 0),
  constraint refund_items_restocked_is_within_quantity check (restocked between 0 and quantity),
  constraint refund_items_taken_over_is_within_quantity check (taken_over between 0 and quantity - restocked)
);
create index refund_items_order_id_line_id_idx on refund_items (order_id, line_id);
comment on table refund_items is 'The units of order lines that a refund is for. Rows never change.';
comment on column refund_items.refund_id is 'The refund.';
comment on column refund_items.order_id is 'The order of the line.';
comment on column refund_items.line_id is
  'The order line. No foreign key, so that old months of orders can be detached; tg_order_items__check_units refuses others.';
comment on column refund_items.quantity is 'Units that the refund is for.';
comment on column refund_items.restocked is
  'Units of these that the refund returned to the stock. They stay there when the refund fails.';
comment on column refund_items.taken_over is
  'Units of these that an earlier refund, which failed, had returned to the stock. They do not return again.';

create table shipments (
  id bigint generated always as identity primary key,
  order_id bigint not null,
  carrier text not null,
  tracking_number text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint shipments_carrier_has_1_to_100_characters check (char_length(carrier) between 1 and 100),
  constraint shipments_tracking_number_has_1_to_100_characters check (char_length(tracking_number) between 1 and 100)
);
create index shipments_order_id_idx on shipments (order_id);
comment on table shipments is 'The parcels of orders.';
comment on column shipments.id is 'The shipment.';
comment on column shipments.order_id is
  'The order of which it has lines. No foreign key, so that old months of orders can be detached.';
comment on column shipments.carrier is 'Who carries it.';
comment on column shipments.tracking_number is 'The number by which the carrier finds it. The seller can correct it.';
comment on column shipments.created_at is 'When the shop sent it.';
comment on column shipments.updated_at is 'When the row last changed.';

create table shipment_items (
  shipment_id bigint not null references shipments (id) on delete restrict,
  order_id bigint not null,
  line_id bigint not null,
  quantity integer not null,
  primary key (shipment_id, line_id),
  constraint shipment_items_quantity_is_positive check (quantity > 0)
);
create index shipment_items_order_id_line_id_idx on shipment_items (order_id, line_id);
comment on table shipment_items is 'The units of order lines in a shipment. Rows never change.';
comment on column shipment_items.shipment_id is 'The shipment.';
comment on column shipment_items.order_id is 'The order of the line.';
comment on column shipment_items.line_id is
  'The order line. No foreign key, so that old months of orders can be detached; tg_order_items__check_units refuses others.';
comment on column shipment_items.quantity is 'Units in the shipment.';

create table disputes (
  id bigint generated always as identity primary key,
  payment_id bigint not null references payments (id) on delete restrict,
  provider_reference text not null,
  amount numeric(10, 2) not null,
  reason text,
  status text not null default 'open',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint disputes_payment_id_provider_reference_key unique (payment_id, provider_reference),
  constraint disputes_amount_is_not_negative check (amount >= 0),
  constraint disputes_status_is_known check (status in ('open', 'won', 'lost'))
);
create index disputes_open_idx on disputes (created_at) where status = 'open';
comment on table disputes is 'Payments that the buyer disputes at the bank. While one is open, its orders cannot be refunded.';
comment on column disputes.id is 'The dispute.';
comment on column disputes.payment_id is 'The disputed payment. A dispute is about all orders of it.';
comment on column disputes.provider_reference is 'The provider''s id of the dispute.';
comment on column disputes.amount is 'The disputed amount, in US dollars.';
comment on column disputes.reason is 'The reason in the provider''s words; null if it gave none.';
comment on column disputes.status is 'open until the bank decides; won if the money stays here, lost if it went to the buyer.';
comment on column disputes.created_at is 'When the dispute became known.';
comment on column disputes.updated_at is 'When the row last changed.';

-- migrate:down
drop table disputes;
drop table shipment_items;
drop table shipments;
drop table refund_items;
