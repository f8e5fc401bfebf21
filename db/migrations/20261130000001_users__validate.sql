-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table users
  validate constraint users_locale_is_shipped,
  validate constraint users_guests_have_no_password;

-- migrate:down
-- Validated constraints need no way back.
select;
