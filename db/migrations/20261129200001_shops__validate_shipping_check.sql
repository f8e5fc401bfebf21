-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table shops validate constraint shops_shipping_is_a_profile;

-- migrate:down
-- A validated constraint needs no way back.
select 1;
