-- verified_password is the stored hash that the password matched. It must still be the stored hash after the lock.
create or replace function check_own_password(user_id bigint, verified_password text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform lock_buyer(check_own_password.user_id);
  if not exists (
    select from users u where u.id = check_own_password.user_id and u.password = check_own_password.verified_password
  ) then
    raise exception using errcode = 'SWINV', message = 'must be the current password', detail = '{"field": "password"}';
  end if;
end;
$$;
comment on function check_own_password(bigint, text) is
  'Locks a user whose password was verified. SWINV: the password was changed meanwhile.';
