-- verified_password: the stored hash that the current password matched, as in change_password.
-- The response does not say whether the address is taken. Only a reader of its mail learns it, from confirm_email.
create or replace function request_email_change(user_id bigint, verified_password text, new_email text)
returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform refuse_guest(user_id);
  perform check_own_password(user_id, verified_password);
  perform check_email(new_email);
  perform write_mail('change_email', user_id, email => new_email);
  perform write_mail('email_change_requested', user_id);
  return query select user_json(u) from users u where u.id = request_email_change.user_id;
end;
$$;
comment on function request_email_change(bigint, text, text) is
  'Mails the new address a link that makes it the account''s, and tells the old address. Returns the unchanged user. SWINV, SWVFY.';
