create or replace function start_session(user_id bigint, token_hash bytea, ttl_s integer)
returns table (expires_at text, user_body json)
language sql volatile
set search_path = public, pg_temp
as $$
  with started as (
    insert into sessions (user_id, token_hash, expires_at)
    values (start_session.user_id, start_session.token_hash, now() + make_interval(secs => ttl_s))
    returning sessions.user_id, sessions.expires_at
  )
  select to_rfc3339(started.expires_at), user_json(u)
  from started join users u on u.id = started.user_id
$$;
comment on function start_session(bigint, bytea, integer) is 'Signs a device in for ttl_s seconds; token_hash is the SHA-256 of the token it got.';
