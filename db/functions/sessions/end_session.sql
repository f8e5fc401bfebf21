create or replace function end_session(token_hash bytea) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from sessions s where s.token_hash = end_session.token_hash
$$;
comment on function end_session(bytea) is 'Ends a session, at once and on all servers.';
