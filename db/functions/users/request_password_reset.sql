-- Looks nothing up, so that known and unknown addresses take the same steps and time. take_mail finds the account.
create or replace function request_password_reset(email text) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select write_mail('reset_password', null, email => request_password_reset.email)
$$;
comment on function request_password_reset(text) is
  'Mails the owner of an account a link to set a new password. Does the same, without a mail, for an unknown address.';
