-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table products validate constraint products_materials_are_at_most_13;
alter table products validate constraint products_processing_profile_id_shop_id_fkey;

-- migrate:down
-- An earlier migration drops the columns.
select;
