-- migrate:up
set local lock_timeout = '2s';
create table sign_in_addresses (
  user_id bigint not null references users (id) on delete cascade,
  address_hash bytea not null,
  last_signed_in_at timestamptz not null default now(),
  primary key (user_id, address_hash),
  constraint sign_in_addresses_address_hash_is_a_sha256 check (octet_length(address_hash) = 32)
);
create index sign_in_addresses_last_signed_in_at_idx on sign_in_addresses (last_signed_in_at);
comment on table sign_in_addresses is 'From where an account has signed in. For 30 days, wrong passwords that come from elsewhere do not end the sign-in from there.';
comment on column sign_in_addresses.user_id is 'Who signed in.';
comment on column sign_in_addresses.address_hash is 'HMAC-SHA256 of the IPv4 address or the IPv6 /64, under the key keyed_hash of service_secrets.';
comment on column sign_in_addresses.last_signed_in_at is 'When it was last signed in to from there.';

-- migrate:down
set local lock_timeout = '2s';
drop table sign_in_addresses;
