-- Locks the user first, like start_session and change_password: each of the three ends several sessions.
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
comment on function end_sessions(bigint) is 'Ends all sessions of a user, at once and on all servers. Returns the ended ones.';
