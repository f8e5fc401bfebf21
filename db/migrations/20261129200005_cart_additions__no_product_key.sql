-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- The trigger counts the product of a cart line, which refers to it. Counts of a deleted product go after 90 days.
alter table cart_additions drop constraint cart_additions_product_id_fkey;

-- migrate:down
alter table cart_additions
  add constraint cart_additions_product_id_fkey foreign key (product_id) references products (id) on delete cascade;
