-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table orders
  add column note text,
  add column is_gift boolean not null default false,
  add column gift_message text,
  add constraint orders_note_has_1_to_500_characters check (char_length(note) between 1 and 500) not valid,
  add constraint orders_gift_message_has_1_to_500_characters check (char_length(gift_message) between 1 and 500) not valid;
comment on column orders.note is 'What the buyer wrote to the shop; null without a note.';
comment on column orders.is_gift is 'Whether the shop is to pack the order as a gift.';
comment on column orders.gift_message is 'What the shop is to write on the card of the gift; null without a card.';

-- migrate:down
alter table orders drop column note, drop column is_gift, drop column gift_message;
