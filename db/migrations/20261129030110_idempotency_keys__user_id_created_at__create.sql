-- migrate:up
-- check_keys counts the keys of an account's last day. Not concurrently: that waits for every open snapshot, among them that of a
-- process that waits for its turn to migrate. Where there are millions of keys, build it beforehand, concurrently, by this name.
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create index if not exists idempotency_keys_user_id_created_at_idx on idempotency_keys (user_id, created_at);

-- migrate:down
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-deletion
drop index idempotency_keys_user_id_created_at_idx;
