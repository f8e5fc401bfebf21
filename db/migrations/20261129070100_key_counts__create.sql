-- migrate:up
-- The keys of an account's last day are not counted at every new one: only those that no kept count covers.
set local lock_timeout = '2s';
create table key_counts (
  user_id bigint not null references users (id) on delete cascade,
  newest_created_at timestamptz not null,
  keys integer not null,
  bytes bigint not null,
  primary key (user_id, newest_created_at),
  constraint key_counts_keys_is_positive check (keys > 0),
  constraint key_counts_bytes_is_not_negative check (bytes >= 0)
);
comment on table key_counts is 'Each row counts the Idempotency-Keys that an account sent since its previous row, a hundred or more. Nothing is lost when the newest row is deleted: the next call counts its keys again.';
comment on column key_counts.user_id is 'The account.';
comment on column key_counts.newest_created_at is 'created_at of the newest of these keys.';
comment on column key_counts.keys is 'How many keys it sent.';
comment on column key_counts.bytes is 'How large the answers kept for them are, in bytes.';

-- migrate:down
set local lock_timeout = '2s';
drop table key_counts;
