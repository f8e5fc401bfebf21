-- migrate:up
create table users (
  id bigint generated always as identity primary key,
  email text not null,
  password text not null,
  display_name text not null,
  created_at timestamptz not null default now(),
  constraint users_display_name_has_a_sane_length check (char_length(display_name) between 1 and 100),
  constraint users_email_has_a_sane_length check (char_length(email) between 3 and 254)
);
-- The expression of normal_email(): it changes the case of ASCII letters alone, which is the same in every collation and
-- language.
create unique index users_normal_email_key on users ((lower(email collate "C") collate "default"));
comment on table users is 'People: every buyer, and the owner of every shop.';
comment on column users.id is 'The person.';
comment on column users.email is 'The e-mail as it was given at registration. normal_email makes it unique.';
comment on column users.password is
  'argon2id hash in PHC format, or * for an account without a password, to which no one can sign in.';
comment on column users.display_name is 'The name that others see.';
comment on column users.created_at is 'When the account was made.';

create table sessions (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint sessions_expires_at_is_after_created_at check (expires_at > created_at),
  constraint sessions_token_hash_is_a_sha256 check (octet_length(token_hash) = 32)
);
create index sessions_expires_at_idx on sessions (expires_at);
create index sessions_user_id_idx on sessions (user_id);
comment on table sessions is 'Signed-in devices. The table has the SHA-256 of the token only, so a copy of it cannot sign in.';
comment on column sessions.id is 'The session, as its owner sees it in the list of devices.';
comment on column sessions.user_id is 'Who is signed in.';
comment on column sessions.token_hash is 'SHA-256 of the bearer token.';
comment on column sessions.created_at is 'When the device signed in.';
comment on column sessions.expires_at is 'When the token stops working.';

create table sign_in_addresses (
  user_id bigint not null references users (id) on delete cascade,
  address_hash bytea not null,
  last_signed_in_at timestamptz not null default now(),
  primary key (user_id, address_hash),
  constraint sign_in_addresses_address_hash_is_a_sha256 check (octet_length(address_hash) = 32)
);
create index sign_in_addresses_last_signed_in_at_idx on sign_in_addresses (last_signed_in_at);
comment on table sign_in_addresses is
  'The addresses from which an account has signed in. For 30 days, wrong passwords from elsewhere do not block it there.';
comment on column sign_in_addresses.user_id is 'Who signed in.';
comment on column sign_in_addresses.address_hash is
  'HMAC-SHA256 of the IPv4 address or the IPv6 /64, under the key keyed_hash of service_secrets.';
comment on column sign_in_addresses.last_signed_in_at is 'The last sign-in from this address.';

create table account_quotas (
  user_id bigint not null references users (id) on delete cascade,
  quota text not null,
  max integer not null,
  primary key (user_id, quota),
  constraint account_quotas_max_is_not_negative check (max >= 0),
  constraint account_quotas_quota_is_known check (quota in ('shops', 'listings', 'favorites', 'sessions', 'keys'))
);
comment on table account_quotas is 'Quotas of accounts that differ from default_quotas. set_quota writes them.';
comment on column account_quotas.user_id is 'The account.';
comment on column account_quotas.quota is
  'What the quota limits: shops, listings, favorites, sessions, or keys (Idempotency-Keys a day).';
comment on column account_quotas.max is 'How many the account may have. RATE_LIMIT_SCALE multiplies it.';

create table pictures (
  id bigint generated always as identity primary key,
  owner_id bigint not null references users (id) on delete restrict,
  source_hash bytea not null,
  content_hash bytea not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  uploaded_at timestamptz not null default now(),
  stored_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint pictures_hashes_are_sha256 check (octet_length(source_hash) = 32 and octet_length(content_hash) = 32),
  constraint pictures_have_pixels check (width > 0 and height > 0 and bytes > 0)
);
create index pictures_owner_id_idx on pictures (owner_id, uploaded_at desc, id desc);
-- An owner has one picture of the same bytes. A removed picture, whose files are being deleted, does not count.
create unique index pictures_owner_id_source_hash_key on pictures (owner_id, source_hash) where removed_at is null;
comment on table pictures is
  'Uploaded pictures. Their files are in the object store; picture_key makes their names from id and content.';
comment on column pictures.id is 'The picture; part of its URL.';
comment on column pictures.owner_id is 'The person who uploaded it. No one else may use it.';
comment on column pictures.source_hash is 'SHA-256 of the uploaded bytes. The same bytes become one picture.';
comment on column pictures.content_hash is 'SHA-256 of its largest file.';
comment on column pictures.width is 'Width of the largest file, in pixels.';
comment on column pictures.height is 'Height of the largest file, in pixels.';
comment on column pictures.bytes is 'Size of all its files, in bytes.';
comment on column pictures.uploaded_at is 'The last upload of these bytes. An unused picture is kept for a day from then.';
comment on column pictures.stored_at is
  'When all files were stored. Null while the upload runs, or when its process died: the picture is not shown.';
comment on column pictures.removed_at is
  'Since when it is no longer shown and its files are being deleted; null while it is in use.';
comment on column pictures.created_at is 'When it was first uploaded.';

-- migrate:down
drop table pictures;
drop table account_quotas;
drop table sign_in_addresses;
drop table sessions;
drop table users;
