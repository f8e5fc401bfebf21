create or replace function end_sessions(user_id bigint)
returns table (token_hash bytea)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from sessions s where s.user_id = end_sessions.user_id
  returning s.token_hash
$$;
comment on function end_sessions(bigint) is 'Signs a person out on every device, at once and everywhere; returns the sessions that ended.';
