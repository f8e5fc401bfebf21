-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- Dropping a foreign key also locks the table that it refers to. Locked in the order of the calls (db/README.md).
lock table products, cart_additions in access exclusive mode;
-- The trigger counts the product of a cart line, which refers to it. Counts of a deleted product go after 90 days.
alter table cart_additions drop constraint cart_additions_product_id_fkey;

-- migrate:down
alter table cart_additions
  add constraint cart_additions_product_id_fkey foreign key (product_id) references products (id) on delete cascade;
