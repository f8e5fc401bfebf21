-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table orders validate constraint orders_id_is_of_the_month_it_was_made;

-- migrate:down
-- A validated constraint needs no way back.
select 1;
