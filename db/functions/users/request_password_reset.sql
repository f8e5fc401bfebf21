-- Known and unknown addresses take the same steps: a mail and a job. take_mail drops the mail of an unknown address, and any
-- beyond the limit.
create or replace function request_password_reset(email text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_user users;
begin
  select u.* into v_user from users u
  where normal_email(u.email) = normal_email(request_password_reset.email) and not u.is_guest;
  perform write_mail('reset_password', v_user.id, email => coalesce(v_user.email, request_password_reset.email));
end;
$$;
comment on function request_password_reset(text) is
  'Mails the owner of an account a link to set a new password. Does the same, without a mail, for an unknown address.';
