-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- Dropping a foreign key also locks the table that it refers to. Locked in the order of the calls (db/README.md).
lock table idempotency_keys, checkouts in access exclusive mode;
-- The checkout and the response of a key come by updates, which stay in their page: no index has their columns, and half of a
-- page is free for the response. Checkouts are never deleted: their payments and orders refuse it.
alter table idempotency_keys drop constraint idempotency_keys_checkout_id_fkey;
-- squawk-ignore require-concurrent-index-deletion
drop index idempotency_keys_checkout_id_idx;
alter table idempotency_keys set (fillfactor = 50);

-- migrate:down
alter table idempotency_keys reset (fillfactor);
create index idempotency_keys_checkout_id_idx on idempotency_keys (checkout_id);
alter table idempotency_keys
  add constraint idempotency_keys_checkout_id_fkey foreign key (checkout_id) references checkouts (id) on delete set null;
