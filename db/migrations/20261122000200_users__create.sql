-- migrate:up
create table users (
  id bigint generated always as identity primary key,
  email text not null,
  password text not null,
  display_name text not null,
  created_at timestamptz not null default now(),
  constraint users_email_has_a_sane_length check (char_length(email) between 3 and 254),
  constraint users_display_name_has_a_sane_length check (char_length(display_name) between 1 and 100)
);
-- "Ann@Example.com" and "ann@example.com" are one mailbox, so they are one account.
create unique index users_email_key on users (lower(email));
comment on table users is 'People: every buyer, and the owner of every shop.';
comment on column users.password is 'argon2id hash in PHC format, or * for an account that nobody can sign in to.';

create table sessions (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint sessions_token_hash_is_a_sha256 check (octet_length(token_hash) = 32),
  constraint sessions_expires_at_is_after_created_at check (expires_at > created_at)
);
create index sessions_user_id_idx on sessions (user_id);
create index sessions_expires_at_idx on sessions (expires_at);
comment on table sessions is 'Signed-in devices. Only the SHA-256 of the token is kept, so this table signs nobody in.';

-- migrate:down
drop table sessions;
drop table users;
