-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table cart_items validate constraint cart_items_variant_id_product_id_fkey;
alter table cart_items validate constraint cart_items_personalization_has_a_sane_length;
alter table cart_items validate constraint cart_items_stock_variant_id_is_its_variant;

-- migrate:down
-- The earlier migration drops the columns.
select;
