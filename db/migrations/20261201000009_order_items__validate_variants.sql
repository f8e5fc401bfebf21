-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table order_items validate constraint order_items_personalization_has_a_sane_length;
alter table order_items validate constraint order_items_stock_variant_id_is_its_variant;

-- migrate:down
-- The earlier migration drops the columns.
select;
