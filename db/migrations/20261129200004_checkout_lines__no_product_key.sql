-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- The checkout that took a line has an order item of its product, which refers to the product.
alter table checkout_lines drop constraint checkout_lines_product_id_fkey;
-- squawk-ignore require-concurrent-index-deletion
drop index checkout_lines_product_id_idx;

-- migrate:down
create index checkout_lines_product_id_idx on checkout_lines (product_id);
alter table checkout_lines
  add constraint checkout_lines_product_id_fkey foreign key (product_id) references products (id) on delete restrict;
