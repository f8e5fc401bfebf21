-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table refunds validate constraint refunds_requested_by_fkey;
alter table refunds validate constraint refunds_reason_is_known;
alter table refunds validate constraint refunds_note_has_1_to_1000_characters;
alter table refunds validate constraint refunds_shipping_is_within_amount;
alter table refunds validate constraint refunds_status_is_one_of_four;

-- migrate:down
-- A validated constraint needs no way back.
select;
