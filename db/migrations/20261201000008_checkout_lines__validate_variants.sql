-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table checkout_lines validate constraint checkout_lines_personalization_has_a_sane_length;
alter table checkout_lines validate constraint checkout_lines_stock_variant_id_is_its_variant;

-- migrate:down
-- The earlier migration drops the columns.
select;
