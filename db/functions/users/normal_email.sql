-- Spellings with one normal form are one account: in the unique index, in lookups and in sign-in limits. They differ only in the
-- case of ASCII letters, because new addresses are ASCII (tg_users__check_email). The index users_account_email_key has the same
-- expression. No search_path: inlined, so that the index is used.
create or replace function normal_email(email text) returns text
language sql immutable parallel safe
as $$
  select lower(email collate "C") collate "default"
$$;
comment on function normal_email(text) is
  'Returns the normal form of an e-mail, with ASCII letters in lower case, for lookups and limits.';
