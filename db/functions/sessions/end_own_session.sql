-- For a lost device. The id is that of the user's list. A session of another user counts as missing.
create or replace function end_own_session(user_id bigint, session_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  delete from sessions s
  where s.id = end_own_session.session_id and s.user_id = end_own_session.user_id and s.expires_at > now();
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such session.';
  end if;
end;
$$;
comment on function end_own_session(bigint, bigint) is 'Ends one session of a user by id, at once and on all servers. SWNTF.';
