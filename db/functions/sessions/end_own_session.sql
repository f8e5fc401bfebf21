-- For a device that is lost: its session is known by the id that its owner's list shows. Those of others are as absent ones.
-- Raises SWNTF.
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
comment on function end_own_session(bigint, bigint) is 'Signs a person out on one of their devices, at once and everywhere. SWNTF.';
