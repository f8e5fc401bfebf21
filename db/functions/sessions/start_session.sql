-- verified_password is the hash that the password was found to match. It is compared again under a lock of the person, which
-- change_password holds while it changes it: no session begins with a password that is no longer the one.
-- Raises SWCRD (the password has changed meanwhile).
create or replace function start_session(user_id bigint, verified_password text, token_hash bytea, ttl_s integer)
returns table (expires_at text, user_body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_user users;
begin
  select u.* into v_user from users u
  where u.id = start_session.user_id and u.password = start_session.verified_password
  for share;
  if not found then
    raise exception using errcode = 'SWCRD', message = 'E-mail and password do not match';
  end if;
  return query
    insert into sessions as s (user_id, token_hash, expires_at)
    values (v_user.id, start_session.token_hash, now() + make_interval(secs => start_session.ttl_s))
    returning to_rfc3339(s.expires_at), user_json(v_user);
end;
$$;
comment on function start_session(bigint, text, bytea, integer) is
  'Signs a device in for ttl_s seconds; token_hash is the SHA-256 of the token it got. SWCRD: the password was changed meanwhile.';
