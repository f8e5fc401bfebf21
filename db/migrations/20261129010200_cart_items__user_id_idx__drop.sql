-- migrate:up
-- The unique index of (user_id, product_id) begins with the same column: this one was written for every line and found nothing more.
set local lock_timeout = '2s';
set local statement_timeout = '5s';
-- squawk-ignore require-concurrent-index-deletion
drop index cart_items_user_id_idx;

-- migrate:down
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create index cart_items_user_id_idx on cart_items (user_id);
