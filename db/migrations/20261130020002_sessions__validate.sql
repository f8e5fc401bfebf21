-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table sessions
  validate constraint sessions_device_has_a_sane_length,
  validate constraint sessions_ends_at_is_not_before_expires_at;

-- migrate:down
-- Validated constraints need no way back.
select;
