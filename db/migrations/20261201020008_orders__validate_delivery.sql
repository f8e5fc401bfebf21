-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table orders validate constraint orders_delivery_is_a_range;

-- migrate:down
-- An earlier migration drops the column.
select;
