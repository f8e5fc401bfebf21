-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table products validate constraint products_base_price_is_positive;
alter table products validate constraint products_highest_price_is_not_below_price;
alter table products validate constraint products_personalization_is_whole;
alter table products validate constraint products_stock_by_is_known;
alter table products validate constraint products_variants_have_prices;
alter table products validate constraint products_stock_by_variant_has_variants;

-- migrate:down
-- The previous migration drops the columns.
select;
