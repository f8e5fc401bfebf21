-- verified_password: the stored hash that the current password matched, as in change_password; null if the caller gave none.
-- A taken address is not told: only who reads its mail learns of it (confirm_email).
create or replace function request_email_change(user_id bigint, verified_password text, new_email text)
returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_user users;
begin
  perform refuse_guest(user_id);
  perform lock_buyer(user_id);
  select u.* into v_user from users u where u.id = request_email_change.user_id;
  if verified_password is distinct from v_user.password then
    raise exception using errcode = 'SWINV', message = 'must be the current password', detail = '{"field": "password"}';
  end if;
  perform check_email(new_email);
  perform write_mail('change_email', v_user.id, email => new_email);
  perform write_mail('email_change_requested', v_user.id);
  return query select user_json(v_user);
end;
$$;
comment on function request_email_change(bigint, text, text) is
  'Mails the new address a link that makes it the account''s, and tells the old address. Returns the unchanged user. SWINV, SWVFY.';
