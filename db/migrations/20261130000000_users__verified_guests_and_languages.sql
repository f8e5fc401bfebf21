-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table users
  add column email_verified_at timestamptz default now(),
  add column is_guest boolean not null default false,
  add column locale text not null default 'en',
  add column receives_notices boolean not null default true,
  add column mail_rejected_at timestamptz,
  add column erased_at timestamptz,
  add constraint users_locale_is_shipped check (locale in ('en', 'de')) not valid,
  add constraint users_guests_have_no_password check (not is_guest or password = '*') not valid;
comment on table users is 'People: every buyer, guests too, and the owner of every shop.';
comment on column users.email is
  'The e-mail as it was given. normal_email makes it unique among accounts; several guests can have one address.';
comment on column users.email_verified_at is
  'When the person last proved the address by a mailed token. Null until then. A person made by SQL counts as verified.';
comment on column users.is_guest is 'Whether the person buys without an account: there is no password, and the sessions are all.';
comment on column users.locale is 'The language of mails: en or de.';
comment on column users.receives_notices is 'Whether mails that can be unsubscribed are sent.';
comment on column users.mail_rejected_at is
  'When a mail server last rejected the address for good. Null again once the address is proved.';
comment on column users.erased_at is 'When the personal data was erased at the person''s wish; null for others.';

-- migrate:down
comment on column users.email is 'The e-mail as it was given at registration. normal_email makes it unique.';
comment on table users is 'People: every buyer, and the owner of every shop.';
alter table users
  drop column erased_at, drop column mail_rejected_at, drop column receives_notices, drop column locale, drop column is_guest,
  drop column email_verified_at;
