-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- The checkout and the response of a key come by updates, which stay in their page: no index has their columns, and half of a page
-- is free for the response. Checkouts are never deleted: their payments and orders refuse it.
alter table idempotency_keys drop constraint idempotency_keys_checkout_id_fkey;
-- squawk-ignore require-concurrent-index-deletion
drop index idempotency_keys_checkout_id_idx;
alter table idempotency_keys set (fillfactor = 50);

-- migrate:down
alter table idempotency_keys reset (fillfactor);
create index idempotency_keys_checkout_id_idx on idempotency_keys (checkout_id);
alter table idempotency_keys
  add constraint idempotency_keys_checkout_id_fkey foreign key (checkout_id) references checkouts (id) on delete set null;
