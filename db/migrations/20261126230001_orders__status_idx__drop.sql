-- migrate:up
-- Orders are looked up by their shop or their buyer, whose indexes lead to the status. This one was written twice for every order.
set local lock_timeout = '2s';
set local statement_timeout = '5s';
-- squawk-ignore require-concurrent-index-deletion
drop index orders_status_idx;

-- migrate:down
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create index orders_status_idx on orders (status);
