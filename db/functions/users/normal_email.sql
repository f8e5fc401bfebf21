-- Two spellings of one normal form are one account: in the unique index, in every lookup and in the limits of signing in. Only the
-- case of ASCII letters differs between them, because new addresses are ASCII (tg_users__check_email). The same expression is that of
-- users_normal_email_key. No search_path: inlined, so that the index is used.
create or replace function normal_email(email text) returns text
language sql immutable parallel safe
as $$
  select lower(email collate "C") collate "default"
$$;
comment on function normal_email(text) is 'The one form of an e-mail under which its account is found and counted: ASCII letters in lower case.';
