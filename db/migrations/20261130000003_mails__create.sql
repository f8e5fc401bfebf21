-- migrate:up
-- Less than deadlock_timeout, because the foreign keys lock users.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
create table mails (
  id bigint generated always as identity primary key,
  kind text not null,
  is_about_order boolean not null,
  user_id bigint references users (id) on delete cascade,
  email text not null,
  locale text not null,
  fact_id bigint,
  status text not null default 'pending',
  failure text,
  created_at timestamptz not null default now(),
  taken_at timestamptz,
  sent_at timestamptz,
  constraint mails_email_has_a_sane_length check (char_length(email) between 3 and 254),
  constraint mails_failure_has_a_sane_length check (char_length(failure) <= 500),
  constraint mails_sent_at_is_of_a_sent_mail check ((status = 'sent') = (sent_at is not null)),
  constraint mails_status_is_known check (status in ('pending', 'sent', 'rejected', 'dropped'))
);
-- A fact is told once to each side. Two sides have two kinds.
create unique index mails_kind_fact_id_key on mails (kind, fact_id) where fact_id is not null;
create index mails_user_id_idx on mails (user_id);
create index mails_normal_email_taken_at_idx on mails ((lower(email collate "C") collate "default"), taken_at)
  where not is_about_order;
comment on table mails is
  'The mails of the service, written in the transaction of what they tell. The worker renders and sends them. No text and no '
  'token is stored.';
comment on column mails.id is 'The mail. Its Message-ID has the id, so a mail that is sent twice is recognized.';
comment on column mails.kind is 'What it tells, such as order_shipped. mail_kinds has all kinds.';
comment on column mails.is_about_order is 'Whether an order caused it. Other mails are limited for each address.';
comment on column mails.user_id is 'The person. Null in a request of a password reset, until the worker looks for the account.';
comment on column mails.email is 'The address that it goes to.';
comment on column mails.locale is 'The language of the text: en or de.';
comment on column mails.fact_id is
  'What it is about, by kind: a checkout, an order, a shipment, a refund, an event of an order, or a session. Null for others.';
comment on column mails.status is
  'pending, then sent, rejected (the mail server rejected it for good), or dropped (beyond the limit, or without a subject).';
comment on column mails.failure is 'The mail server''s reason for a rejection.';
comment on column mails.created_at is 'When the fact was committed.';
comment on column mails.taken_at is 'When the worker first began to send it. The limit of an address counts by this time.';
comment on column mails.sent_at is 'When the mail server accepted it.';

create table user_tokens (
  token_hash bytea primary key,
  user_id bigint not null references users (id) on delete cascade,
  mail_id bigint not null references mails (id) on delete cascade,
  purpose text not null,
  email text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint user_tokens_email_has_a_sane_length check (char_length(email) between 3 and 254),
  constraint user_tokens_purpose_is_known check (purpose in ('verify_email', 'reset_password', 'order_access', 'unsubscribe')),
  constraint user_tokens_token_hash_is_a_sha256 check (octet_length(token_hash) = 32)
);
create index user_tokens_user_id_idx on user_tokens (user_id);
create index user_tokens_mail_id_idx on user_tokens (mail_id);
create index user_tokens_expires_at_idx on user_tokens (expires_at);
comment on table user_tokens is 'The tokens of links in mails. The table has the SHA-256 only, so a copy of it opens nothing.';
comment on column user_tokens.token_hash is 'SHA-256 of the token.';
comment on column user_tokens.user_id is 'Whose token it is.';
comment on column user_tokens.mail_id is 'The mail with the link. Each attempt to send it has a token of its own.';
comment on column user_tokens.purpose is 'What it permits: verify_email, reset_password, order_access or unsubscribe.';
comment on column user_tokens.email is 'The address that the mail went to, which the token proves.';
comment on column user_tokens.created_at is 'When the mail was about to be sent.';
comment on column user_tokens.expires_at is 'When it stops working.';
comment on column user_tokens.used_at is 'When it was used, or another token in its place. Null while it works.';

-- migrate:down
drop table user_tokens;
drop table mails;
