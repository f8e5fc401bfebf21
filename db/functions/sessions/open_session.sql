create or replace function open_session(user_id bigint, token_hash bytea, ttl_s integer, device text) returns sessions
language sql volatile security definer
set search_path = public, pg_temp
as $$
  insert into sessions (user_id, token_hash, device, expires_at, ends_at)
  select open_session.user_id, open_session.token_hash, open_session.device, least(l.ends_at, now() + session_idle_ttl()), l.ends_at
  from (select now() + make_interval(secs => open_session.ttl_s) as ends_at) l
  returning *
$$;
comment on function open_session(bigint, bytea, integer, text) is
  'Writes a session that ends after session_idle_ttl() without use, and after ttl_s seconds at most.';
