-- The query find_session calls it for a session that was not used for a day, so a call in use writes nothing. Concurrent calls
-- write once.
create or replace function use_session(session_id bigint) returns timestamptz
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_expires_at timestamptz;
begin
  update sessions s
  set last_used_at = now(), expires_at = least(coalesce(s.ends_at, s.expires_at), now() + session_idle_ttl())
  where s.id = use_session.session_id and s.expires_at > now() and s.last_used_at <= now() - interval '1 day'
  returning s.expires_at into v_expires_at;
  return v_expires_at;
end;
$$;
comment on function use_session(bigint) is
  'Notes the use of a session whose last noted use is a day old, and moves its end. Returns the new end, or null otherwise.';
