-- migrate:up
-- Less than deadlock_timeout, because the foreign keys lock users.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
create table second_factors (
  user_id bigint primary key references users (id) on delete cascade,
  secret bytea not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  constraint second_factors_last_step_is_not_negative check (last_step >= 0),
  constraint second_factors_secret_has_160_bits check (octet_length(secret) = 20)
);
comment on table second_factors is 'The authenticator apps of accounts that sign in with a code, too (TOTP, RFC 6238).';
comment on column second_factors.user_id is 'The account.';
comment on column second_factors.secret is 'The shared secret of the app. Only stallwright_auth reads it, by functions.';
comment on column second_factors.confirmed_at is
  'When a first code proved that the app works. Null until then: sign-in needs no code.';
comment on column second_factors.last_step is
  'The newest time step, in 30 seconds since 1970, of which a code was used. Codes of this step and earlier ones count no more.';
comment on column second_factors.created_at is 'When the secret was made.';

create table recovery_codes (
  user_id bigint not null references second_factors (user_id) on delete cascade,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (user_id, code_hash),
  constraint recovery_codes_code_hash_is_a_sha256 check (octet_length(code_hash) = 32)
);
comment on table recovery_codes is 'Codes that each replace one code of a lost authenticator app.';
comment on column recovery_codes.user_id is 'The account.';
comment on column recovery_codes.code_hash is 'SHA-256 of the code, which has 80 random bits.';
comment on column recovery_codes.used_at is 'When the code was used. Null while it works.';

-- migrate:down
drop table recovery_codes;
drop table second_factors;
