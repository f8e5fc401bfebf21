-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table users add column first_signed_in_at timestamptz;
comment on column users.first_signed_in_at is
  'The first sign-in, which needs no notice of a new device. Null before it, and for guests.';

-- migrate:down
alter table users drop column first_signed_in_at;
