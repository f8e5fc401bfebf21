-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- Refunds are few, and a statement gives up after 10 s.
-- squawk-ignore require-concurrent-index-creation
create unique index refunds_order_id_provider_reference_key on refunds (order_id, provider_reference);
-- squawk-ignore require-concurrent-index-creation
create index refunds_requested_by_idx on refunds (requested_by);
-- squawk-ignore require-concurrent-index-creation
create index refunds_open_idx on refunds (updated_at) where status in ('pending', 'sent');

-- migrate:down
drop index refunds_open_idx;
drop index refunds_requested_by_idx;
drop index refunds_order_id_provider_reference_key;
