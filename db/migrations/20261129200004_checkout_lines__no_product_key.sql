-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- Dropping a foreign key also locks the table that it refers to. Locked in the order of the calls (db/README.md).
lock table products, checkout_lines in access exclusive mode;
-- The checkout that took a line has an order item of its product, which refers to the product.
alter table checkout_lines drop constraint checkout_lines_product_id_fkey;
-- squawk-ignore require-concurrent-index-deletion
drop index checkout_lines_product_id_idx;

-- migrate:down
create index checkout_lines_product_id_idx on checkout_lines (product_id);
alter table checkout_lines
  add constraint checkout_lines_product_id_fkey foreign key (product_id) references products (id) on delete restrict;
