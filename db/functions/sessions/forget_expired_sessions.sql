-- Expired sessions are invalid anyway. Skips locked rows.
create or replace function forget_expired_sessions(batch_size integer default 1000) returns integer
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with forgotten as (
    delete from sessions s
    where s.id in (
      select expired.id from sessions expired
      where expired.expires_at <= statement_timestamp()
      order by expired.expires_at
      limit batch_size
      for update skip locked
    )
    returning 1
  )
  select count(*)::integer from forgotten
$$;
comment on function forget_expired_sessions(integer) is 'Deletes up to batch_size expired sessions. Returns the number.';
