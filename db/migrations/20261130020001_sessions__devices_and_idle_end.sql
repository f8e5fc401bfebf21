-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table sessions
  add column device text,
  add column last_used_at timestamptz not null default now(),
  add column ends_at timestamptz,
  add constraint sessions_device_has_a_sane_length check (char_length(device) between 1 and 100) not valid,
  add constraint sessions_ends_at_is_not_before_expires_at check (ends_at >= expires_at) not valid;
comment on column sessions.device is
  'Browser and system by the User-Agent of the sign-in, such as Firefox on Windows; null if unknown.';
comment on column sessions.last_used_at is 'The last use, to a day: use_session writes it at most once a day.';
comment on column sessions.ends_at is
  'The latest end, however often the session is used. Null for a session of an earlier version, which ends at expires_at.';
comment on column sessions.expires_at is 'When the token stops working, unless it is used before.';

-- migrate:down
comment on column sessions.expires_at is 'When the token stops working.';
alter table sessions drop column ends_at, drop column last_used_at, drop column device;
