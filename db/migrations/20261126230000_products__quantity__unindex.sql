-- migrate:up
-- Nothing looks listings up by their stock. An index that mentions it, in its predicate too, makes every sale write each index of
-- the table: without, an update of the stock stays in its page (heap-only), for which a page keeps some room.
set local lock_timeout = '2s';
set local statement_timeout = '5s';
-- squawk-ignore require-concurrent-index-deletion
drop index products_low_stock_idx;
alter table products set (fillfactor = 90);

-- migrate:down
set local lock_timeout = '2s';
alter table products reset (fillfactor);
-- squawk-ignore require-concurrent-index-creation
create index products_low_stock_idx on products (quantity, id) where quantity <= 3;
