-- migrate:up
-- What the last days brought is found without reading all that ever was. Not concurrently: that waits for every open
-- snapshot, among them that of a process that waits for its turn to migrate. Writers who wait longer than 2 s fail.
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create index order_events_paid_created_at_idx on order_events (created_at) where status = 'paid';
-- squawk-ignore require-concurrent-index-creation
create index refunds_created_at_idx on refunds (created_at);
-- squawk-ignore require-concurrent-index-creation
create index favorites_created_at_idx on favorites (created_at);
-- squawk-ignore require-concurrent-index-creation
create index product_views_viewed_on_idx on product_views (viewed_on);

-- migrate:down
set local lock_timeout = '2s';
drop index product_views_viewed_on_idx;
drop index favorites_created_at_idx;
drop index refunds_created_at_idx;
drop index order_events_paid_created_at_idx;
