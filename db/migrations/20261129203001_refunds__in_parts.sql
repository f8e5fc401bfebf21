-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
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
  -- An order can be refunded in parts.
  drop constraint refunds_status_is_known,
  drop constraint refunds_order_id_key;
-- Refunds are few, so the indexes are built here.
-- squawk-ignore require-concurrent-index-creation
create unique index refunds_order_id_provider_reference_key on refunds (order_id, provider_reference);
-- squawk-ignore require-concurrent-index-creation
create index refunds_requested_by_idx on refunds (requested_by);
-- squawk-ignore require-concurrent-index-creation
create index refunds_sent_idx on refunds (updated_at) where status in ('pending', 'sent');
comment on table refunds is 'What goes back to the buyer: any number of refunds an order, up to its total.';
comment on column refunds.order_id is 'The order that was cancelled or refunded, wholly or in part.';
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
drop index refunds_sent_idx;
drop index refunds_requested_by_idx;
drop index refunds_order_id_provider_reference_key;
alter table refunds
  add constraint refunds_order_id_key unique (order_id),
  add constraint refunds_status_is_known check (status in ('pending', 'refunded')),
  drop constraint refunds_status_is_one_of_four,
  drop constraint refunds_shipping_is_within_amount,
  drop constraint refunds_note_has_1_to_1000_characters,
  drop constraint refunds_reason_is_known,
  drop column failure_reason,
  drop column requested_by,
  drop column shipping,
  drop column note,
  drop column reason;
