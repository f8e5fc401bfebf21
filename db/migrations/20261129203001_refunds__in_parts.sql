-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- A new foreign key also locks the table that it refers to. Locked in the order of the calls (db/README.md).
lock table users in share row exclusive mode;
lock table refunds in access exclusive mode;
alter table refunds
  add column reason text not null default 'other',
  add column note text,
  add column shipping numeric(10, 2) not null default 0,
  add column requested_by bigint,
  add column failure_reason text,
  add constraint refunds_requested_by_fkey foreign key (requested_by) references users (id) on delete restrict not valid,
  add constraint refunds_reason_is_known check (
    reason in (
      'changed_mind', 'not_received', 'damaged', 'not_as_described', 'wrong_item', 'out_of_stock', 'goodwill', 'other'
    )
  ) not valid,
  add constraint refunds_note_has_1_to_1000_characters check (char_length(note) between 1 and 1000) not valid,
  add constraint refunds_shipping_is_within_amount check (shipping between 0 and amount) not valid,
  add constraint refunds_status_is_one_of_four check (status in ('pending', 'sent', 'refunded', 'failed')) not valid,
  drop constraint refunds_status_is_known,
  -- An order can be refunded in parts. The way down makes an index instead of the constraint.
  drop constraint if exists refunds_order_id_key;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists refunds_order_id_idx;
comment on table refunds is 'What goes back to the buyer: any number of refunds an order, up to its total.';
comment on column refunds.order_id is
  'The order that was cancelled or refunded, wholly or in part. The foreign key keeps its month from being archived.';
comment on column refunds.amount is 'The amount, in US dollars.';
comment on column refunds.status is
  'pending until the provider takes it, sent until the money arrives, then refunded; or failed: the buyer '
  'is owed the money again.';
comment on column refunds.provider_reference is
  'The provider''s id of the refund; null until the provider took it. Refunds of several orders can share one.';
comment on column refunds.reason is
  'changed_mind, not_received, damaged, not_as_described, wrong_item, out_of_stock, goodwill or other.';
comment on column refunds.note is 'What the seller says about it; null without a note.';
comment on column refunds.shipping is 'The part of the amount that is postage, in US dollars.';
comment on column refunds.requested_by is 'Who asked for it; null if it was made at the payment provider.';
comment on column refunds.failure_reason is 'Why it failed, in the provider''s words; null unless it failed.';

-- migrate:down
-- It names the column shipping. The deploy of the earlier version makes its own.
drop trigger if exists refunds__refuse_change on refunds;
comment on column refunds.provider_reference is 'The provider''s id of the refund; null until it is done.';
comment on column refunds.status is 'pending until the provider has given it back, then refunded.';
comment on column refunds.amount is 'The amount, in US dollars: the order''s total.';
comment on column refunds.order_id is 'The order that was cancelled or refunded.';
comment on table refunds is 'What goes back to the buyer: once an order at most, so that money and stock return once.';
-- Not unique and not validated: an order can have several refunds by now, and a refund can be sent or failed.
create index refunds_order_id_idx on refunds (order_id);
alter table refunds
  add constraint refunds_status_is_known check (status in ('pending', 'refunded')) not valid,
  drop constraint refunds_status_is_one_of_four,
  drop constraint refunds_shipping_is_within_amount,
  drop constraint refunds_note_has_1_to_1000_characters,
  drop constraint refunds_reason_is_known,
  drop column failure_reason,
  drop column requested_by,
  drop column shipping,
  drop column note,
  drop column reason;
