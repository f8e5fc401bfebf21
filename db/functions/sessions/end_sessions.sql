-- Locks the person first, as start_session and change_password do: each of the three ends several sessions.
create or replace function end_sessions(user_id bigint)
returns table (token_hash bytea)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform lock_buyer(end_sessions.user_id);
  return query
    delete from sessions s where s.user_id = end_sessions.user_id
    returning s.token_hash;
end;
$$;
comment on function end_sessions(bigint) is 'Signs a person out on every device, at once and everywhere; returns the sessions that ended.';
