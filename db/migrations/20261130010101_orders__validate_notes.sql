-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table orders validate constraint orders_note_has_1_to_500_characters;
alter table orders validate constraint orders_gift_message_has_1_to_500_characters;

-- migrate:down
-- The previous migration drops the columns.
select;
