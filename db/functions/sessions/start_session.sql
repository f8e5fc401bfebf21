-- verified_password is the stored hash that the password matched. The function compares it again after it has locked the user,
-- like change_password, so no session starts with an old password. The lock also makes concurrent sign-ins respect the quota of
-- sessions: the oldest sessions beyond it end. factor_step and code_hash: see use_second_factor.
create or replace function start_session(
  user_id bigint, verified_password text, token_hash bytea, ttl_s integer, address_hash bytea default null,
  quota_scale numeric default null, factor_step bigint default null, code_hash bytea default null, device text default null
)
returns table (expires_at text, user_body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_user users;
  v_is_new_device boolean;
  v_session sessions;
begin
  perform lock_buyer(start_session.user_id);
  select u.* into v_user from users u
  where u.id = start_session.user_id and u.password = start_session.verified_password;
  if not found then
    raise exception using errcode = 'SWCRD', message = 'E-mail and password do not match';
  end if;
  perform check_second_factor(v_user.id, start_session.factor_step, start_session.code_hash);
  v_is_new_device := is_new_device(v_user, start_session.address_hash, start_session.device);
  if start_session.quota_scale is not null then
    delete from sessions s
    where s.user_id = v_user.id and s.id not in (
      select newest.id from sessions newest
      where newest.user_id = v_user.id and newest.expires_at > now()
      order by newest.id desc
      limit greatest(quota_of(v_user.id, 'sessions', start_session.quota_scale) - 1, 0)
    );
  end if;
  perform note_sign_in(v_user.id, start_session.address_hash);
  v_session := open_session(v_user.id, start_session.token_hash, start_session.ttl_s, start_session.device);
  if v_is_new_device then
    perform write_mail('new_device', v_user.id, v_session.id);
  end if;
  return query select to_rfc3339(v_session.expires_at), user_json(v_user);
end;
$$;
comment on function start_session(bigint, text, bytea, integer, bytea, numeric, bigint, bytea, text) is
  'Starts a session of ttl_s seconds at most, see open_session, and ends the oldest sessions beyond the account''s quota times '
  'quota_scale (null: no quota). token_hash is the SHA-256 of the token, address_hash that of the client''s address. Mails the '
  'owner about a new device. SWFAC, SWCRD: the code of the second factor is missing or wrong. SWCRD: the password was changed '
  'meanwhile.';
